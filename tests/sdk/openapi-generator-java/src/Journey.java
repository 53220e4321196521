import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.summitfacts.ApiClient;
import org.summitfacts.ApiException;
import org.summitfacts.ApiResponse;
import org.summitfacts.api.BattleGroupDeploymentsApi;
import org.summitfacts.api.BattleGroupDeploymentsApi.APIGetBattleGroupDeploymentRequest;
import org.summitfacts.api.DossiersApi;
import org.summitfacts.api.DossiersApi.APIPutDossierRequest;
import org.summitfacts.api.EventsApi;
import org.summitfacts.api.EventsApi.APIListEventsRequest;
import org.summitfacts.api.PeopleApi;
import org.summitfacts.api.PeopleApi.APIGetPersonRequest;
import org.summitfacts.api.SearchApi;
import org.summitfacts.api.SearchApi.APISearchFactsRequest;
import org.summitfacts.api.StatementsApi;
import org.summitfacts.api.StatementsApi.APIListStatementsRequest;
import org.summitfacts.model.Attendance;
import org.summitfacts.model.AuthoredDocument;
import org.summitfacts.model.AuthoredEvidence;
import org.summitfacts.model.AuthoredFact;
import org.summitfacts.model.AuthoredRights;
import org.summitfacts.model.BattleGroupDeployment;
import org.summitfacts.model.DatePrecision;
import org.summitfacts.model.Dossier;
import org.summitfacts.model.EventStatus;
import org.summitfacts.model.ImportReceipt;
import org.summitfacts.model.Inference;
import org.summitfacts.model.InferenceKind;
import org.summitfacts.model.Person;
import org.summitfacts.model.Problem;
import org.summitfacts.model.RightsDisplay;
import org.summitfacts.model.Statement;
import org.summitfacts.model.StatementPage;
import org.summitfacts.model.StatementSort;

/** Journey of tests/sdk/journey.ts with the Java client of openapi-generator. Prints its results as JSON. */
public final class Journey {
  private final ApiClient client = new ApiClient();

  private Journey(String baseUrl, String key) {
    client.updateBaseUri(baseUrl);
    client.setRequestInterceptor(request -> request.header("Authorization", "Bearer " + key));
  }

  public static void main(String[] arguments) throws Exception {
    Journey journey = new Journey(System.getenv("BASE_URL"), System.getenv("API_KEY"));
    System.out.println(new ObjectMapper().writeValueAsString(journey.walked()));
  }

  private Map<String, Object> walked() throws ApiException, IOException {
    List<List<String>> pages = statementsByPage();
    return Map.of(
        "statements", pages.stream().flatMap(List::stream).toList(),
        "pages", pages.size(),
        "deployment", deployment(),
        "search", search(),
        "badRequest", badRequest(),
        "notFound", notFound(),
        "notModified", notModified(),
        "put", put(),
        "past", past());
  }

  private List<List<String>> statementsByPage() throws ApiException {
    StatementsApi statements = new StatementsApi(client);
    List<List<String>> pages = new ArrayList<>();
    String cursor = null;
    do {
      StatementPage page =
          statements.listStatements(
              APIListStatementsRequest.newBuilder()
                  .speaker(List.of("jens-stoltenberg"))
                  .sort(StatementSort.Id)
                  .limit(2)
                  .cursor(cursor)
                  .build());
      pages.add(page.getData().stream().map(Statement::getId).toList());
      cursor = page.getMeta().getNextCursor();
    } while (cursor != null);
    return pages;
  }

  private Map<String, String> deployment() throws ApiException {
    BattleGroupDeployment deployment =
        new BattleGroupDeploymentsApi(client)
            .getBattleGroupDeployment(APIGetBattleGroupDeploymentRequest.newBuilder().id("nato-bulgaria").build());
    LocalDate announcedOn = deployment.getAnnouncedOn();
    return Map.of(
        "hostCountry", deployment.getHostCountry().getLabel(),
        "announcedOn", announcedOn.toString(),
        "announcedBy", deployment.getAnnouncedBy().getLabel(),
        "evidence", deployment.getEvidence().get(0).getExact());
  }

  private List<String> search() throws ApiException {
    APISearchFactsRequest request = APISearchFactsRequest.newBuilder().q("battle group").limit(3).build();
    return new SearchApi(client)
        .searchFacts(request).getData().stream().map(hit -> hit.getType() + "/" + hit.getId()).toList();
  }

  private Map<String, Object> badRequest() throws IOException {
    EventsApi events = new EventsApi(client);
    Problem problem = problemOf(() -> events.listEvents(APIListEventsRequest.newBuilder().limit(201).build()));
    return Map.of(
        "status", problem.getStatus(),
        "code", problem.getCode(),
        "parameter", problem.getErrors().get(0).getParameter());
  }

  private Map<String, Object> notFound() throws IOException {
    PeopleApi people = new PeopleApi(client);
    Problem problem = problemOf(() -> people.getPerson(APIGetPersonRequest.newBuilder().id("missing").build()));
    return Map.of("status", problem.getStatus(), "code", problem.getCode());
  }

  private int notModified() throws ApiException {
    PeopleApi people = new PeopleApi(client);
    APIGetPersonRequest stoltenberg = APIGetPersonRequest.newBuilder().id("jens-stoltenberg").build();
    ApiResponse<Person> answer = people.getPersonWithHttpInfo(stoltenberg);
    String etag = answer.getHeaders().get("etag").get(0);
    return refusalOf(() -> people.getPerson(stoltenberg, Map.of("If-None-Match", etag))).getCode();
  }

  private Map<String, Integer> past() throws ApiException {
    EventsApi events = new EventsApi(client);
    APIListEventsRequest.Builder counted = APIListEventsRequest.newBuilder().count(true);
    int now = events.listEvents(counted.build()).getMeta().getTotal();
    int before = events.listEvents(counted.asOf("1").build()).getMeta().getTotal();
    return Map.of("before", before, "now", now);
  }

  private Map<String, Object> put() throws ApiException {
    APIPutDossierRequest request =
        APIPutDossierRequest.newBuilder()
            .id("riga-2031-05-02")
            .note("The meeting in Riga")
            .ifNoneMatch("*")
            .dossier(dossier())
            .build();
    ApiResponse<ImportReceipt> answer = new DossiersApi(client).putDossierWithHttpInfo(request);
    ImportReceipt receipt = answer.getData();
    return Map.of(
        "status", answer.getStatusCode(),
        "action", receipt.getAction().getValue(),
        "revision", receipt.getRevision(),
        "added", receipt.getAdded().size());
  }

  private static Dossier dossier() {
    AuthoredRights rights = new AuthoredRights().statement("Written as an example").display(RightsDisplay.FULL);
    AuthoredDocument document =
        new AuthoredDocument()
            .id("riga-2031-05-02")
            .title("Ministers meet in Riga")
            .language("en")
            .publishedOn(LocalDate.of(2031, 5, 2))
            .rights(rights);
    AuthoredEvidence evidence =
        new AuthoredEvidence()
            .quote("Ministers of the alliance met in Riga on Friday")
            .supports(List.of("name", "kind", "status", "participants"));
    Inference inference =
        new Inference()
            .fields(List.of("startDate"))
            .kind(InferenceKind.DERIVED)
            .note("\"Friday\", read against the publication date, Friday 2 May 2031");
    AuthoredFact meeting =
        new AuthoredFact()
            .type("event")
            .id("riga-meeting-2031-05-02")
            .evidence(List.of(evidence))
            .inferences(List.of(inference))
            // Fields that depend on the type of the fact: see schemas/dossier.json.
            .putAdditionalProperty("name", "Meeting of ministers in Riga")
            .putAdditionalProperty("kind", "meeting")
            .putAdditionalProperty("status", EventStatus.HELD)
            .putAdditionalProperty("startDate", LocalDate.of(2031, 5, 2))
            .putAdditionalProperty("datePrecision", DatePrecision.DAY)
            .putAdditionalProperty(
                "participants", List.of(Map.of("actor", "organization/nato", "attendance", Attendance.IN_PERSON)));
    return new Dossier()
        .document(document)
        .addFactsItem(meeting)
        .text("Ministers of the alliance met in Riga on Friday.\n");
  }

  private Problem problemOf(Call call) throws IOException {
    return client.getObjectMapper().readValue(refusalOf(call).getResponseBody(), Problem.class);
  }

  private static ApiException refusalOf(Call call) {
    try {
      call.run();
    } catch (ApiException refusal) {
      return refusal;
    }
    throw new IllegalStateException("the server should have rejected the request");
  }

  @FunctionalInterface
  private interface Call {
    void run() throws ApiException;
  }
}
