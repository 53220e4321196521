"""Journey of tests/sdk/journey.ts with the client from openapi-python-client."""

import json
import os
from dataclasses import asdict, dataclass, field
from datetime import date

from summit_facts import AuthenticatedClient, Client
from summit_facts.api.battle_group_deployments import get_battle_group_deployment
from summit_facts.api.dossiers import put_dossier
from summit_facts.api.events import list_events
from summit_facts.api.people import get_person
from summit_facts.api.search import search_facts
from summit_facts.api.statements import list_statements
from summit_facts.models import (
    Attendance,
    AuthoredDocument,
    AuthoredEvidence,
    AuthoredFact,
    AuthoredRights,
    BattleGroupDeployment,
    DatePrecision,
    Dossier,
    EventPage,
    EventStatus,
    ImportReceipt,
    Inference,
    InferenceKind,
    Problem,
    RightsDisplay,
    SearchPage,
    StatementPage,
    StatementSort,
)
from summit_facts.types import UNSET, Unset


@dataclass
class Deployment:
    hostCountry: str
    announcedOn: str
    announcedBy: str
    evidence: str


@dataclass
class BadRequest:
    status: int
    code: str
    parameter: str


@dataclass
class NotFound:
    status: int
    code: str


@dataclass
class Put:
    status: int
    action: str
    revision: int
    added: int


@dataclass
class Past:
    before: int
    now: int


@dataclass
class Statements:
    ids: list[str] = field(default_factory=list)
    pages: int = 0


def walk_statements(client: Client) -> Statements:
    found = Statements()
    cursor: str | Unset | None = UNSET
    while cursor is not None:
        page = list_statements.sync(
            client=client, speaker=["jens-stoltenberg"], limit=2, sort=StatementSort.ID, cursor=cursor
        )
        assert isinstance(page, StatementPage), page
        found.ids += [statement.id for statement in page.data]
        found.pages += 1
        cursor = page.meta.next_cursor
    return found


def read_deployment(client: Client) -> Deployment:
    fact = get_battle_group_deployment.sync("nato-bulgaria", client=client)
    assert isinstance(fact, BattleGroupDeployment), fact
    assert fact.announced_on is not None and fact.announced_by is not None
    return Deployment(
        hostCountry=fact.host_country.label,
        announcedOn=fact.announced_on.isoformat(),
        announcedBy=fact.announced_by.label,
        evidence=fact.evidence[0].exact,
    )


def search(client: Client) -> list[str]:
    page = search_facts.sync(client=client, q="battle group", limit=3)
    assert isinstance(page, SearchPage), page
    return [f"{hit.type_}/{hit.id}" for hit in page.data]


def ask_too_much(client: Client) -> BadRequest:
    answer = list_events.sync_detailed(client=client, limit=201)
    assert isinstance(answer.parsed, Problem), answer
    parameter = answer.parsed.errors[0].parameter
    assert not isinstance(parameter, Unset)
    return BadRequest(answer.status_code, answer.parsed.code, parameter)


def ask_for_missing_person(client: Client) -> NotFound:
    answer = get_person.sync_detailed("missing", client=client)
    assert isinstance(answer.parsed, Problem), answer
    return NotFound(answer.status_code, answer.parsed.code)


def ask_again(client: Client) -> int:
    first = get_person.sync_detailed("jens-stoltenberg", client=client)
    known = client.with_headers({"If-None-Match": first.headers["ETag"]})
    return get_person.sync_detailed("jens-stoltenberg", client=known).status_code


def riga() -> Dossier:
    """Create the dossier from the example of putDossier in the OpenAPI document.

    Only the fields of the fact's type are in a dict, because they depend on the type: see schemas/dossier.json.
    """
    document = AuthoredDocument(
        id="riga-2031-05-02",
        title="Ministers meet in Riga",
        language="en",
        published_on=date(2031, 5, 2),
        rights=AuthoredRights(statement="Written as an example", display=RightsDisplay.FULL),
    )
    meeting = AuthoredFact(
        type_="event",
        id="riga-meeting-2031-05-02",
        evidence=[
            AuthoredEvidence(
                quote="Ministers of the alliance met in Riga on Friday",
                supports=["name", "kind", "status", "participants"],
            )
        ],
        inferences=[
            Inference(
                fields=["startDate"],
                kind=InferenceKind.DERIVED,
                note='"Friday", read against the publication date, Friday 2 May 2031',
            )
        ],
    )
    meeting.additional_properties = {
        "name": "Meeting of ministers in Riga",
        "kind": "meeting",
        "status": EventStatus.HELD,
        "startDate": "2031-05-02",
        "datePrecision": DatePrecision.DAY,
        "participants": [{"actor": "organization/nato", "attendance": Attendance.IN_PERSON}],
    }
    return Dossier(
        document=document, facts=[meeting], text="Ministers of the alliance met in Riga on Friday.\n"
    )


def put(client: AuthenticatedClient) -> Put:
    answer = put_dossier.sync_detailed("riga-2031-05-02", client=client, body=riga(), if_none_match="*")
    receipt = answer.parsed
    assert isinstance(receipt, ImportReceipt), answer
    return Put(answer.status_code, receipt.action, receipt.revision, len(receipt.added))


def count_events(client: Client, as_of: str | Unset = UNSET) -> int:
    page = list_events.sync(client=client, count=True, as_of=as_of)
    assert isinstance(page, EventPage), page
    assert not isinstance(page.meta.total, Unset)
    return page.meta.total


def main() -> None:
    base_url = os.environ["BASE_URL"]
    client = Client(base_url=base_url)
    statements = walk_statements(client)
    found = {
        "statements": statements.ids,
        "pages": statements.pages,
        "deployment": asdict(read_deployment(client)),
        "search": search(client),
        "badRequest": asdict(ask_too_much(client)),
        "notFound": asdict(ask_for_missing_person(client)),
        "notModified": ask_again(Client(base_url=base_url)),
        "put": asdict(put(AuthenticatedClient(base_url=base_url, token=os.environ["API_KEY"]))),
        "past": asdict(Past(before=count_events(client, as_of="1"), now=count_events(client))),
    }
    print(json.dumps(found))


main()
