// PocketBase with the rows as a collection, on a free port: pocketbase rows.sqlite folder
package main

import (
	"fmt"
	"log"
	"net"
	"os"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase"
	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"
)

const collectionName = "statements"

var (
	textFields   = []string{"label", "text", "mode", "saidOn", "reportedOn", "speaker", "event", "topic", "body"}
	numberFields = []string{"version"}
)

func main() {
	if len(os.Args) != 3 {
		log.Fatal("usage: pocketbase rows.sqlite folder")
	}
	if err := run(os.Args[1], os.Args[2]); err != nil {
		log.Fatal(err)
	}
}

func run(rows, folder string) error {
	app := pocketbase.NewWithConfig(pocketbase.Config{DefaultDataDir: folder, HideStartBanner: true})
	if err := app.Bootstrap(); err != nil {
		return err
	}
	if err := app.RunAllMigrations(); err != nil {
		return err
	}
	// Turns off the request log; rate limits are off by default.
	app.Settings().Logs.MaxDays = 0
	if err := app.Save(app.Settings()); err != nil {
		return err
	}
	if err := createCollection(app, rows); err != nil {
		return err
	}
	return serve(app)
}

// createCollection creates a collection with public read access and copies the rows into it.
func createCollection(app core.App, rows string) error {
	collection := core.NewBaseCollection(collectionName)
	collection.ListRule = types.Pointer("")
	collection.ViewRule = types.Pointer("")
	// The default pattern is 15 letters and digits.
	id := collection.Fields.GetByName("id").(*core.TextField)
	id.Min, id.Max, id.Pattern = 1, 100, "^[a-z0-9-]+$"
	for _, name := range textFields {
		collection.Fields.Add(&core.TextField{Name: name, Max: 1 << 24})
	}
	for _, name := range numberFields {
		collection.Fields.Add(&core.NumberField{Name: name})
	}
	collection.AddIndex("statements_speaker", false, "speaker, id", "")
	collection.AddIndex("statements_said_on", false, "saidOn, id", "")
	if err := app.Save(collection); err != nil {
		return err
	}
	return copyRows(app, collection, rows)
}

func copyRows(app core.App, collection *core.Collection, path string) error {
	source, err := dbx.Open("sqlite", path)
	if err != nil {
		return err
	}
	defer source.Close()
	rows, err := source.Select("*").From(collectionName).OrderBy("id").Rows()
	if err != nil {
		return err
	}
	defer rows.Close()
	return app.RunInTransaction(func(tx core.App) error {
		for rows.Next() {
			row := dbx.NullStringMap{}
			if err := rows.ScanMap(row); err != nil {
				return err
			}
			record := core.NewRecord(collection)
			for name, value := range row {
				record.Set(name, value.String)
			}
			if err := tx.SaveNoValidate(record); err != nil {
				return err
			}
		}
		return rows.Err()
	})
}

func serve(app core.App) error {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	app.OnServe().BindFunc(func(event *core.ServeEvent) error {
		event.Listener = listener
		// Skips the prompt for the first administrator.
		event.InstallerFunc = nil
		fmt.Printf("http://%s\n", listener.Addr())
		return event.Next()
	})
	return apis.Serve(app, apis.ServeConfig{HttpAddr: listener.Addr().String()})
}
