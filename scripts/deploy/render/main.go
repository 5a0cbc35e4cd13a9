// Renders a Helm chart with the libraries that Helm itself uses (text/template and sprig), for machines without Helm.
//
//	main CHART RELEASE NAMESPACE [VALUES.yaml]
//
// It knows what this chart needs: values, .Release, .Chart, include, toYaml and toJson. CI compares what it prints with
// deploy/kubernetes; `helm template` must print the same.
package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"text/template"

	"github.com/Masterminds/sprig"
	"sigs.k8s.io/yaml"
)

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func load(path string) map[string]interface{} {
	text, err := os.ReadFile(path)
	check(err)
	found := map[string]interface{}{}
	check(yaml.Unmarshal(text, &found))
	return found
}

func merge(into, from map[string]interface{}) {
	for key, value := range from {
		under, isMap := value.(map[string]interface{})
		if below, hasMap := into[key].(map[string]interface{}); isMap && hasMap {
			merge(below, under)
		} else {
			into[key] = value
		}
	}
}

func main() {
	chart, release, namespace := os.Args[1], os.Args[2], os.Args[3]
	values := load(filepath.Join(chart, "values.yaml"))
	if len(os.Args) > 4 {
		merge(values, load(os.Args[4]))
	}
	about := load(filepath.Join(chart, "Chart.yaml"))
	data := map[string]interface{}{
		"Values":  values,
		"Release": map[string]interface{}{"Name": release, "Namespace": namespace, "Service": "Helm"},
		"Chart":   map[string]interface{}{"Name": about["name"], "Version": about["version"], "AppVersion": about["appVersion"]},
	}
	all := template.New("chart").Option("missingkey=zero")
	functions := sprig.TxtFuncMap()
	functions["include"] = func(name string, with interface{}) (string, error) {
		var out bytes.Buffer
		err := all.ExecuteTemplate(&out, name, with)
		return out.String(), err
	}
	functions["toYaml"] = func(value interface{}) (string, error) {
		text, err := yaml.Marshal(value)
		return strings.TrimSuffix(string(text), "\n"), err
	}
	all.Funcs(functions)
	files, err := filepath.Glob(filepath.Join(chart, "templates", "*"))
	check(err)
	sort.Strings(files)
	for _, file := range files {
		text, err := os.ReadFile(file)
		check(err)
		_, err = all.New(filepath.Base(file)).Parse(string(text))
		check(err)
	}
	for _, file := range files {
		if strings.HasSuffix(file, ".yaml") {
			var out bytes.Buffer
			check(all.ExecuteTemplate(&out, filepath.Base(file), data))
			fmt.Printf("---\n# Source: %s\n%s\n", filepath.ToSlash(filepath.Join(filepath.Base(chart), "templates", filepath.Base(file))), strings.Trim(strings.TrimPrefix(strings.TrimSpace(out.String()), "---"), "\n"))
		}
	}
}
