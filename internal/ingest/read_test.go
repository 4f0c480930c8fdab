package ingest

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"runtime"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"entente/internal/kg"
)

func TestRecordsAreReadAsWritten(t *testing.T) {
	ds, _ := mustRead(t, folder(
		"nodes/Source.csv", "id,name\ns1,A report\ns2,A letter\n",
		"nodes/State.csv", "source,name,aliases,id,locator\ns1,New Zealand,Aotearoa;N\\;Z;;C:\\dir\\\\,NZL,p. 1\n",
		"nodes/Group.csv", "id,name,seat,source\ng1,A group,NZL,s1\n",
		"nodes/Pact.csv", "id,name,kind,signed,articles,share,inForce,reviews,weights,votes,subjects,source,basis,confidence,rank,note\n"+
			"p1,Cafe\u0301,code of conduct,2019-11/..,7,0.25,no,2019;2020,1;2.5,1;0,arms-control;trade,s1,inferred,low,deprecated,\"a\r\nb\"\n",
		"edges/JOINED.csv", "from,to,role,at,since,source\nNZL,p1,a:b,g1,2019,s1\nNZL,p1,a:b,g1,,s2\n",
	), Options{})
	cited := func(source, locator string) []kg.Evidence {
		return []kg.Evidence{{Source: source, Locator: locator, Basis: kg.Stated, Confidence: kg.High, Rank: kg.Normal}}
	}
	wantNodes := []*kg.Node{
		{ID: "s1", Kind: "Source", Props: kg.Props{{Name: "name", Value: "A report"}}},
		{ID: "s2", Kind: "Source", Props: kg.Props{{Name: "name", Value: "A letter"}}},
		{ID: "g1", Kind: "Group", Props: kg.Props{{Name: "name", Value: "A group"}, {Name: "seat", Value: "NZL"}}, Evidence: cited("s1", "")},
		{ID: "p1", Kind: "Pact", Props: kg.Props{
			{Name: "articles", Value: int64(7)}, {Name: "inForce", Value: false}, {Name: "kind", Value: "CODE_OF_CONDUCT"},
			{Name: "name", Value: "Café"}, {Name: "reviews", Value: []int64{2019, 2020}}, {Name: "share", Value: 0.25},
			{Name: "signed", Value: "2019-11/.."}, {Name: "subjects", Value: []string{"ARMS_CONTROL", "TRADE"}},
			{Name: "votes", Value: []bool{true, false}}, {Name: "weights", Value: []float64{1, 2.5}},
		}, Evidence: []kg.Evidence{{Source: "s1", Basis: kg.Inferred, Confidence: kg.Low, Rank: kg.Deprecated, Note: "a\nb"}}},
		{ID: "NZL", Kind: "State", Props: kg.Props{
			{Name: "aliases", Value: []string{"Aotearoa", "N;Z", `C:\dir\`}}, {Name: "name", Value: "New Zealand"},
		}, Evidence: cited("s1", "p. 1")},
	}
	wantEdges := []*kg.Edge{{
		ID: "JOINED:NZL:p1:a%3Ab:g1", Type: "JOINED", From: "NZL", To: "p1",
		Props:    kg.Props{{Name: "at", Value: "g1"}, {Name: "role", Value: "a:b"}, {Name: "since", Value: "2019"}},
		Evidence: append(cited("s1", ""), cited("s2", "")...),
	}}
	if diff := cmp.Diff(wantNodes, ds.Nodes); diff != "" {
		t.Errorf("nodes (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(wantEdges, ds.Edges); diff != "" {
		t.Errorf("edges (-want +got):\n%s", diff)
	}
}

// TestMergingLeavesOtherRecordsAlone: rows share values and evidence in memory.
func TestMergingLeavesOtherRecordsAlone(t *testing.T) {
	ds, report := mustRead(t, folder(
		"nodes/Source.csv", "id,name,aliases\ns1,A report,a;b;x\ns2,A letter,a;b;x\ns1,,c\ns2,,d\n",
		"nodes/State.csv", "id,name,source,locator\nNZL,New Zealand,s1,p. 1\nFRA,France,s1,p. 1\nNZL,,s1,p. 0\n",
	), Options{})
	var got []string
	for _, n := range ds.Nodes {
		got = append(got, fmt.Sprint(n.ID, n.Props.Get("aliases"), len(n.Evidence)))
	}
	want := []string{"s1[a b x c] 0", "s2[a b x d] 0", "NZL<nil> 2", "FRA<nil> 1"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if total := report.Files[0].Merged + report.Files[1].Merged; total != 3 {
		t.Errorf("%d rows merged, want 3", total)
	}
}

// TestEmptyFolders: somebody meant something to be there.
func TestEmptyFolders(t *testing.T) {
	dir := &fstest.MapFile{Mode: fs.ModeDir}
	_, report := mustRead(t, fstest.MapFS{"nodes": dir, "edges/.keep": {}}, Options{})
	want := []Notice{{File: "nodes", Text: "the folder is empty"}, {File: "edges", Text: "the folder is empty"}}
	if diff := cmp.Diff(want, report.Notices, cmpopts.SortSlices(func(a, b Notice) bool { return a.File < b.File })); diff != "" {
		t.Errorf("notices (-want +got):\n%s", diff)
	}
}

func zipped(t *testing.T, text string) []byte {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	if _, err := io.WriteString(w, text); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestGzip(t *testing.T) {
	rows := "id,name\n"
	for i := range 5000 {
		rows += fmt.Sprintf("s%d,Report %x\n", i, i*7919)
	}
	whole := zipped(t, rows)
	broken := bytes.Clone(whole)
	broken[len(broken)-5] ^= 0xff // in the checksum
	for name, c := range map[string]struct {
		path string
		data []byte
		want string // rejection; empty: all rows are read
	}{
		"whole":           {"nodes/Source.csv.gz", whole, ""},
		"not so named":    {"nodes/Source.csv", whole, ""},
		"not compressed":  {"nodes/Source.csv.gz", []byte(rows), "nodes/Source.csv.gz: is not compressed with gzip"},
		"cut short":       {"nodes/Source.csv.gz", whole[:len(whole)/2], "nodes/Source.csv.gz: is damaged"},
		"cut in its head": {"nodes/Source.csv.gz", whole[:5], "nodes/Source.csv.gz: is damaged"},
		"wrong checksum":  {"nodes/Source.csv.gz", broken, "nodes/Source.csv.gz: is damaged"},
		"empty":           {"nodes/Source.csv.gz", nil, "nodes/Source.csv.gz: the file is empty"},
		"empty inside":    {"nodes/Source.csv.gz", zipped(t, ""), "nodes/Source.csv.gz: the file is empty"},
	} {
		t.Run(name, func(t *testing.T) {
			ds, report, err := Read(t.Context(), fstest.MapFS{c.path: {Data: c.data}}, model(t), Options{})
			if c.want == "" {
				if err != nil || ds == nil || len(ds.Nodes) != 5000 {
					t.Fatal(err, report.Rejections)
				}
				return
			}
			if len(report.Rejections) != 1 || !strings.HasPrefix(report.Rejections[0].String(), c.want) {
				t.Errorf("rejections %q, want %q", report.Rejections, c.want)
			}
		})
	}
}

// TestLongFields: a field of 10 MB is rejected where it stands, the rows after
// it are checked, and it is never held in memory. One that is just short enough is kept.
func TestLongFields(t *testing.T) {
	const size = 10 << 20
	for name, field := range map[string]string{
		"plain":           strings.Repeat("x", size),
		"quoted":          `"` + strings.Repeat("x,", size/2) + `"`,
		"many quotes in":  `"` + strings.Repeat(`x""`, MaxField/2) + strings.Repeat("x", size) + `"`,
		"in many columns": strings.Repeat("x", size) + "," + strings.Repeat("y", size),
	} {
		t.Run(name, func(t *testing.T) {
			fsys := folder("nodes/Source.csv", "id,name,date\ns1,"+field+",2019\ns2,A report,bad\n")
			if name == "in many columns" {
				fsys = folder("nodes/Source.csv", "id,name,date\ns1,"+field+"\ns2,A report,bad\n")
			}
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			_, report, _ := Read(t.Context(), fsys, model(t), Options{})
			runtime.ReadMemStats(&after)
			if used := after.TotalAlloc - before.TotalAlloc; used > 2*size {
				t.Errorf("used %d bytes", used)
			}
			first, last := report.Rejections[0], report.Rejections[len(report.Rejections)-1]
			if first.Line != 2 || first.Column != "name" || len(first.Value) > 100 || !strings.Contains(first.Problem, "longer than 1048576 bytes") {
				t.Errorf("first rejection: %v", first)
			}
			if last.Line != 3 || last.Column != "date" {
				t.Errorf("last rejection: %v", last)
			}
		})
	}
	ds, _ := mustRead(t, folder("nodes/Source.csv", "id,name\ns1,"+strings.Repeat("x", MaxField)+"\n"), Options{})
	if got := len(ds.Nodes[0].Props.Get("name").(string)); got != MaxField {
		t.Errorf("the longest field has %d bytes", got)
	}
}

// TestDroppedColumnsLeaveNoTrace: not in the data set either, and not when they are long.
func TestDroppedColumnsLeaveNoTrace(t *testing.T) {
	ds, report := mustRead(t, folder("nodes/Source.csv",
		"perpetrator,id,Gun man,name,the_manifesto,note,source,täter,live stream url,videoUrl:string,perp\nCANARY,s1,\xffCANARY,A report,"+
			strings.Repeat("CANARY", MaxField)+",,,CANARY,https://canary.example/CANARY,CANARY,\xffCANARY\n"), Options{})
	doc, err := json.Marshal([]any{ds, report})
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Contains(doc, []byte("CANARY")) {
		t.Errorf("a dropped value was kept: %.1000s", doc)
	}
	if len(report.Notices) != 7 {
		t.Errorf("notices: %v", report.Notices)
	}
}

func TestNotoriousNames(t *testing.T) {
	known := []string{"manifest", "videoUrl", "perpetrator"}
	for _, name := range []string{
		"perpetrator", "Perpetrator Name", "PERPETRATORS", "shooter_id", "allegedGunman", "sus-pect", "manifesto_url", "Manifésto", "attack er",
		"perpetrated_by", "perpétré par", "perp", "perp_name", "perpName", "PERP", "terrorist", "Terrorist Names", "terroristDesignation", "accused",
		"extremist", "convicted", "Convicted Person", "täter", "TÄTER", "Ta\u0308ter", "taeter_name", "Attentäter", "auteur", "auteurs présumés",
		"author_of_attack", "authorsOfTheAttack", "attack-author", "manifests", "Manifeste", "writings", "screed", "their writings",
		"livestream_link", "livestreamlink", "LiveStream", "live stream url", "video", "video_url", "videourls", "VIDEO", "VideoLINK", "footage",
		"raw_footage", "carriedOutBy", "committed by", "bodycam", "stream-url",
	} {
		if !isNotorious(name, nil) {
			t.Errorf("%q is kept", name)
		}
	}
	for _, name := range []string{
		"name", "attack", "defendant", "assassinationDate", "manifestation", "livestreamed", "perspective", "perpetual", "property",
		"author", "authors", "date_written", "rewritings", "videoconference", "convictions", "extremism", "terrorismLaw",
		"authorised", "upstream", "rantings", "grant", "warrant", "stater", "manifest", "Manifest", "video_url",
	} {
		if isNotorious(name, known) {
			t.Errorf("%q is dropped", name)
		}
	}
	if !isNotorious("perpetrator", known) {
		t.Error("a property of the model can name a perpetrator")
	}
}

// TestFailuresAreNotRejections: a disk or a store that fails is no fault of the input.
func TestFailuresAreNotRejections(t *testing.T) {
	broken := errors.New("broken")
	good := folder("nodes/State.csv", "id,name,source\nNZL,New Zealand,s1\n")
	stopped, stop := context.WithCancel(t.Context())
	stop()
	for name, c := range map[string]struct {
		ctx  func() context.Context
		fsys fs.FS
		opts Options
		want error
	}{
		"context": {func() context.Context { return stopped }, good, Options{}, context.Canceled},
		"store": {t.Context, good, Options{Known: func(context.Context, []string) (map[string]string, error) {
			return nil, broken
		}}, broken},
		"disk": {t.Context, failingFS{good, broken}, Options{}, broken},
	} {
		ds, report, err := Read(c.ctx(), c.fsys, model(t), c.opts)
		if ds != nil || !report.OK() || !errors.Is(err, c.want) {
			t.Errorf("%s: data set %v, rejections %v, error %v", name, ds != nil, report.Rejections, err)
		}
	}
}

// failingFS fails in the middle of each file.
type failingFS struct {
	fstest.MapFS
	err error
}

func (f failingFS) Open(name string) (fs.File, error) {
	file, err := f.MapFS.Open(name)
	if info, _ := file.Stat(); err != nil || info.IsDir() {
		return file, err
	}
	return failingFile{file, f.err}, nil
}

type failingFile struct {
	fs.File
	err error
}

func (f failingFile) Read(p []byte) (int, error) {
	n, _ := f.File.Read(p[:min(len(p), 20)])
	return n, f.err
}

func TestManyReferencesToTheStore(t *testing.T) {
	var rows strings.Builder
	rows.WriteString("from,to,source\n")
	const n = 3 * pendingClaims
	for i := range n {
		fmt.Fprintf(&rows, "x%d,x%d,s1\n", i%100, i/100)
	}
	rows.WriteString("x1,nowhere,s1\n")
	asked := 0
	known := func(_ context.Context, ids []string) (map[string]string, error) {
		asked += len(ids)
		kinds := map[string]string{}
		for _, id := range ids {
			switch {
			case id == "s1":
				kinds[id] = "Source"
			case id != "nowhere":
				kinds[id] = "State"
			}
		}
		return kinds, nil
	}
	_, report, _ := Read(t.Context(), folder("edges/BORDERS.csv", rows.String()), model(t), Options{Known: known})
	if len(report.Rejections) != 1 || report.Rejections[0].Line != n+2 {
		t.Errorf("rejections: %.3v", report.Rejections)
	}
	if want := n/100 + 2; asked != want {
		t.Errorf("the store was asked for %d nodes, want %d: each once", asked, want)
	}
}
