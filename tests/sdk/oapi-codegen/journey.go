// Command journey runs the journey of tests/sdk/journey.ts with the client from oapi-codegen.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"time"

	"github.com/oapi-codegen/runtime/types"

	api "summit-facts.test/journey/generated/summitfacts"
)

type journey struct {
	Statements  []string   `json:"statements"`
	Pages       int        `json:"pages"`
	Deployment  deployment `json:"deployment"`
	Search      []string   `json:"search"`
	BadRequest  badRequest `json:"badRequest"`
	NotFound    notFound   `json:"notFound"`
	NotModified int        `json:"notModified"`
	Put         put        `json:"put"`
	Past        past       `json:"past"`
}

type deployment struct {
	HostCountry string      `json:"hostCountry"`
	AnnouncedOn *types.Date `json:"announcedOn"`
	AnnouncedBy string      `json:"announcedBy"`
	Evidence    string      `json:"evidence"`
}

type badRequest struct {
	Status    int     `json:"status"`
	Code      string  `json:"code"`
	Parameter *string `json:"parameter"`
}

type notFound struct {
	Status int    `json:"status"`
	Code   string `json:"code"`
}

type put struct {
	Status   int              `json:"status"`
	Action   api.ImportAction `json:"action"`
	Revision int              `json:"revision"`
	Added    int              `json:"added"`
}

type past struct {
	Before int `json:"before"`
	Now    int `json:"now"`
}

func main() {
	if err := run(context.Background()); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(ctx context.Context) error {
	client, err := api.NewClientWithResponses(os.Getenv("BASE_URL"))
	if err != nil {
		return err
	}
	var found journey
	steps := []func(context.Context, *api.ClientWithResponses, *journey) error{
		walkStatements, readDeployment, search, askTooMuch, askForNobody, askAgain, putDossier, readThePast,
	}
	for _, step := range steps {
		if err := step(ctx, client, &found); err != nil {
			return err
		}
	}
	return json.NewEncoder(os.Stdout).Encode(found)
}

func walkStatements(ctx context.Context, client *api.ClientWithResponses, found *journey) error {
	params := api.ListStatementsParams{
		Speaker: &[]string{"jens-stoltenberg"},
		Limit:   new(2),
		Sort:    new(api.StatementSortId),
	}
	for {
		answer, err := client.ListStatementsWithResponse(ctx, &params)
		if err != nil {
			return err
		}
		if answer.JSON200 == nil {
			return unexpected(answer)
		}
		for _, statement := range answer.JSON200.Data {
			found.Statements = append(found.Statements, statement.Id)
		}
		found.Pages++
		params.Cursor = answer.JSON200.Meta.NextCursor
		if params.Cursor == nil {
			return nil
		}
	}
}

func readDeployment(ctx context.Context, client *api.ClientWithResponses, found *journey) error {
	answer, err := client.GetBattleGroupDeploymentWithResponse(ctx, "nato-bulgaria", nil)
	if err != nil {
		return err
	}
	fact := answer.JSON200
	if fact == nil || fact.AnnouncedBy == nil {
		return unexpected(answer)
	}
	found.Deployment = deployment{
		HostCountry: fact.HostCountry.Label,
		AnnouncedOn: fact.AnnouncedOn,
		AnnouncedBy: fact.AnnouncedBy.Label,
		Evidence:    fact.Evidence[0].Exact,
	}
	return nil
}

func search(ctx context.Context, client *api.ClientWithResponses, found *journey) error {
	params := api.SearchFactsParams{Q: "battle group", Limit: new(3)}
	answer, err := client.SearchFactsWithResponse(ctx, &params)
	if err != nil {
		return err
	}
	if answer.JSON200 == nil {
		return unexpected(answer)
	}
	for _, hit := range answer.JSON200.Data {
		found.Search = append(found.Search, hit.Type+"/"+hit.Id)
	}
	return nil
}

func askTooMuch(ctx context.Context, client *api.ClientWithResponses, found *journey) error {
	answer, err := client.ListEventsWithResponse(ctx, &api.ListEventsParams{Limit: new(201)})
	if err != nil {
		return err
	}
	problem := answer.ApplicationproblemJSON400
	if problem == nil || len(problem.Errors) == 0 {
		return unexpected(answer)
	}
	found.BadRequest = badRequest{answer.StatusCode(), problem.Code, problem.Errors[0].Parameter}
	return nil
}

func askForNobody(ctx context.Context, client *api.ClientWithResponses, found *journey) error {
	answer, err := client.GetPersonWithResponse(ctx, "missing", nil)
	if err != nil {
		return err
	}
	if answer.ApplicationproblemJSON404 == nil {
		return unexpected(answer)
	}
	found.NotFound = notFound{answer.StatusCode(), answer.ApplicationproblemJSON404.Code}
	return nil
}

func askAgain(ctx context.Context, client *api.ClientWithResponses, found *journey) error {
	first, err := client.GetPersonWithResponse(ctx, "jens-stoltenberg", nil)
	if err != nil {
		return err
	}
	if first.Headers200 == nil || first.Headers200.ETag == nil {
		return unexpected(first)
	}
	known := func(_ context.Context, request *http.Request) error {
		request.Header.Set("If-None-Match", *first.Headers200.ETag)
		return nil
	}
	again, err := client.GetPersonWithResponse(ctx, "jens-stoltenberg", nil, known)
	if err != nil {
		return err
	}
	found.NotModified = again.StatusCode()
	return nil
}

// riga returns the dossier from the example of putDossier in the OpenAPI document. Only the fields of the
// fact's type are in a map, because they depend on the type: see schemas/dossier.json.
func riga() api.Dossier {
	return api.Dossier{
		Document: api.AuthoredDocument{
			Id:          "riga-2031-05-02",
			Title:       "Ministers meet in Riga",
			Language:    "en",
			PublishedOn: &types.Date{Time: time.Date(2031, time.May, 2, 0, 0, 0, 0, time.UTC)},
			Rights:      api.AuthoredRights{Statement: "Written as an example", Display: api.RightsDisplayFull},
		},
		Facts: []api.AuthoredFact{{
			Type: "event",
			Id:   "riga-meeting-2031-05-02",
			AdditionalProperties: map[string]any{
				"name":          "Meeting of ministers in Riga",
				"kind":          "meeting",
				"status":        api.EventStatusHeld,
				"startDate":     "2031-05-02",
				"datePrecision": api.DatePrecisionDay,
				"participants": []map[string]any{
					{"actor": "organization/nato", "attendance": api.AttendanceInPerson},
				},
			},
			Evidence: &[]api.AuthoredEvidence{{
				Quote:    "Ministers of the alliance met in Riga on Friday",
				Supports: []string{"name", "kind", "status", "participants"},
			}},
			Inferences: &[]api.Inference{{
				Fields: []string{"startDate"},
				Kind:   api.InferenceKindDerived,
				Note:   `"Friday", read against the publication date, Friday 2 May 2031`,
			}},
		}},
		Text: new("Ministers of the alliance met in Riga on Friday.\n"),
	}
}

func putDossier(ctx context.Context, client *api.ClientWithResponses, found *journey) error {
	withKey := func(_ context.Context, request *http.Request) error {
		request.Header.Set("Authorization", "Bearer "+os.Getenv("API_KEY"))
		return nil
	}
	params := api.PutDossierParams{IfNoneMatch: new("*")}
	answer, err := client.PutDossierWithResponse(ctx, "riga-2031-05-02", &params, riga(), withKey)
	if err != nil {
		return err
	}
	receipt := answer.JSON201
	if receipt == nil {
		return unexpected(answer)
	}
	found.Put = put{answer.StatusCode(), receipt.Action, receipt.Revision, len(receipt.Added)}
	return nil
}

func readThePast(ctx context.Context, client *api.ClientWithResponses, found *journey) error {
	now, err := countEvents(ctx, client, api.ListEventsParams{Count: new(true)})
	if err != nil {
		return err
	}
	before, err := countEvents(ctx, client, api.ListEventsParams{Count: new(true), AsOf: new("1")})
	found.Past = past{before, now}
	return err
}

func countEvents(ctx context.Context, client *api.ClientWithResponses, params api.ListEventsParams) (int, error) {
	answer, err := client.ListEventsWithResponse(ctx, &params)
	if err != nil {
		return 0, err
	}
	if answer.JSON200 == nil || answer.JSON200.Meta.Total == nil {
		return 0, unexpected(answer)
	}
	return *answer.JSON200.Meta.Total, nil
}

func unexpected(answer interface {
	Status() string
	GetBody() []byte
}) error {
	return fmt.Errorf("unexpected response: %s %s", answer.Status(), answer.GetBody())
}
