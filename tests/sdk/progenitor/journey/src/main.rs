//! Journey of tests/sdk/journey.ts with the Rust client from progenitor. Prints the results as JSON.
use chrono::NaiveDate;
use futures::TryStreamExt;
use reqwest::header::{AUTHORIZATION, ETAG, HeaderMap, HeaderName, HeaderValue, IF_NONE_MATCH};
use serde_json::{Value, json};
use std::{env, error};
use summit_facts::types::{
    ActorFilter, Attendance, AuthoredDocument, AuthoredEvidence, AuthoredFact, AuthoredRights, DatePrecision,
    Dossier, EventStatus, Inference, InferenceKind, Problem, RightsDisplay, StatementSort,
};
use summit_facts::{ByteStream, Client, Error, ResponseValue};

type Outcome<T> = Result<T, Box<dyn error::Error>>;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Outcome<()> {
    let base_url = env::var("BASE_URL")?;
    let client = client_with(
        &base_url,
        AUTHORIZATION,
        &format!("Bearer {}", env::var("API_KEY")?),
    )?;
    let statements = statements_by_page(&client).await?;
    let found = json!({
        "pages": statements.len(),
        "statements": statements.concat(),
        "deployment": deployment(&client).await?,
        "search": search(&client).await?,
        "badRequest": bad_request(&client).await?,
        "notFound": not_found(&client).await?,
        "notModified": not_modified(&client, &base_url).await?,
        "put": put(&client).await?,
        "past": past(&client).await?,
    });
    println!("{found}");
    Ok(())
}

/// Creates a client that sends a header with each request.
fn client_with(base_url: &str, name: HeaderName, value: &str) -> Outcome<Client> {
    let headers = HeaderMap::from_iter([(name, HeaderValue::from_str(value)?)]);
    let http = reqwest::Client::builder().default_headers(headers).build()?;
    Ok(Client::new_with_client(base_url, http))
}

async fn statements_by_page(client: &Client) -> Outcome<Vec<Vec<String>>> {
    let mut pages = Vec::new();
    let mut cursor: Option<String> = None;
    loop {
        let speaker: ActorFilter = "jens-stoltenberg".parse()?;
        let mut request = client
            .list_statements()
            .speaker([speaker])
            .sort(StatementSort::Id)
            .limit(2);
        if let Some(cursor) = cursor {
            request = request.cursor(cursor);
        }
        let page = request.send().await?.into_inner();
        pages.push(page.data.into_iter().map(|statement| statement.id).collect());
        cursor = page.meta.next_cursor;
        if cursor.is_none() {
            return Ok(pages);
        }
    }
}

async fn deployment(client: &Client) -> Outcome<Value> {
    let deployment = client
        .get_battle_group_deployment()
        .id("nato-bulgaria")
        .send()
        .await?
        .into_inner();
    Ok(json!({
        "hostCountry": deployment.host_country.label,
        "announcedOn": deployment.announced_on.ok_or("no day")?.to_string(),
        "announcedBy": deployment.announced_by.ok_or("missing")?.label,
        "evidence": deployment.evidence[0].exact,
    }))
}

async fn search(client: &Client) -> Outcome<Vec<String>> {
    let page = client
        .search_facts()
        .q("battle group")
        .limit(3)
        .send()
        .await?
        .into_inner();
    Ok(page
        .data
        .iter()
        .map(|hit| format!("{}/{}", hit.type_, hit.id))
        .collect())
}

async fn bad_request(client: &Client) -> Outcome<Value> {
    let problem = problem_of(client.list_events().limit(201).send().await).await?;
    Ok(json!({
        "status": problem.status,
        "code": problem.code,
        "parameter": problem.errors[0].parameter,
    }))
}

async fn not_found(client: &Client) -> Outcome<Value> {
    let problem = problem_of(client.get_person().id("missing").send().await).await?;
    Ok(json!({"status": problem.status, "code": problem.code}))
}

async fn not_modified(client: &Client, base_url: &str) -> Outcome<u16> {
    let answer = client.get_person().id("jens-stoltenberg").send().await?;
    let etag = answer.headers().get(ETAG).ok_or("no ETag")?.to_str()?;
    let again = client_with(base_url, IF_NONE_MATCH, etag)?;
    match again.get_person().id("jens-stoltenberg").send().await {
        Err(Error::UnexpectedResponse(answer)) => Ok(answer.status().as_u16()),
        _ => Err("the server was expected to say that nothing has changed".into()),
    }
}

async fn past(client: &Client) -> Outcome<Value> {
    let now = client.list_events().count(true).send().await?;
    let before = client.list_events().count(true).as_of("1").send().await?;
    Ok(json!({"before": before.meta.total, "now": now.meta.total}))
}

async fn put(client: &Client) -> Outcome<Value> {
    let request = client
        .put_dossier()
        .id("riga-2031-05-02")
        .note("The meeting in Riga")
        .if_none_match("*");
    let answer = request.body(dossier()?).send().await?;
    Ok(json!({
        "status": answer.status().as_u16(),
        "action": answer.action,
        "revision": answer.revision,
        "added": answer.added.len(),
    }))
}

fn dossier() -> Outcome<Dossier> {
    let rights = AuthoredRights {
        display: RightsDisplay::Full,
        holder: None,
        statement: "Written as an example".into(),
    };
    let document = AuthoredDocument::builder()
        .id("riga-2031-05-02")
        .title("Ministers meet in Riga")
        .language("en")
        .published_on(NaiveDate::from_ymd_opt(2031, 5, 2))
        .rights(rights);
    let evidence = AuthoredEvidence {
        prefix: None,
        quote: "Ministers of the alliance met in Riga on Friday".into(),
        suffix: None,
        supports: ["name", "kind", "status", "participants"]
            .map(String::from)
            .into(),
    };
    let inference = Inference {
        fields: vec!["startDate".into()],
        kind: InferenceKind::Derived,
        note: "\"Friday\", read against the publication date, Friday 2 May 2031".into(),
    };
    // Fields that depend on the type of the fact: see schemas/dossier.json.
    let of_an_event = json!({
        "name": "Meeting of ministers in Riga",
        "kind": "meeting",
        "status": EventStatus::Held,
        "startDate": "2031-05-02",
        "datePrecision": DatePrecision::Day,
        "participants": [{"actor": "organization/nato", "attendance": Attendance::InPerson}],
    });
    let meeting = AuthoredFact {
        according_to: None,
        evidence: vec![evidence],
        extra: of_an_event.as_object().cloned().unwrap_or_default(),
        id: "riga-meeting-2031-05-02".into(),
        inferences: vec![inference],
        type_: "event".into(),
    };
    let text = "Ministers of the alliance met in Riga on Friday.\n".to_string();
    Ok(Dossier::builder()
        .document(AuthoredDocument::try_from(document)?)
        .facts([meeting])
        .text(text)
        .try_into()?)
}

/// Returns the problem in an error response. The generated client parses only `application/json` itself.
async fn problem_of<T>(outcome: Result<ResponseValue<T>, Error<ByteStream>>) -> Outcome<Problem> {
    match outcome {
        Err(Error::ErrorResponse(answer)) => {
            let bytes: Vec<_> = answer.into_inner_stream().try_collect().await?;
            Ok(serde_json::from_slice(&bytes.concat())?)
        }
        _ => Err("the server was expected to refuse".into()),
    }
}
