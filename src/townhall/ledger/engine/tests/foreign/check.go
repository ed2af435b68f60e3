// Verify what the ledger produces with golang.org/x/mod/sumdb and crypto/mldsa.
//
// Nothing of the ledger's own code is used. The cases come as a JSON list on standard
// input; the answer is a JSON list of reasons on standard output, "" for "accepted".
package main

import (
	"bytes"
	"crypto/ed25519"
	"crypto/mldsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"check/note"
	"check/tlog"
)

type testCase struct {
	Kind    string   `json:"kind"`
	Keys    []string `json:"keys"`
	Note    []byte   `json:"note"`
	Entry   []byte   `json:"entry"`
	Index   int64    `json:"index"`
	Size    int64    `json:"size"`
	Root    []byte   `json:"root"`
	Old     int64    `json:"old"`
	OldRoot []byte   `json:"old_root"`
	Proof   [][]byte `json:"proof"`
	Folder  string   `json:"folder"`
}

func main() {
	var cases []testCase
	input, err := io.ReadAll(os.Stdin)
	if err == nil {
		err = json.Unmarshal(input, &cases)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	answers := make([]string, len(cases))
	for i, c := range cases {
		if err := check(c); err != nil {
			answers[i] = "refused: " + err.Error()
		}
	}
	json.NewEncoder(os.Stdout).Encode(answers)
}

func check(c testCase) error {
	switch c.Kind {
	case "note":
		return checkNote(c)
	case "inclusion":
		return tlog.CheckRecord(hashes(c.Proof), c.Size, hash(c.Root), c.Index, tlog.RecordHash(c.Entry))
	case "consistency":
		return tlog.CheckTree(hashes(c.Proof), c.Size, hash(c.Root), c.Old, hash(c.OldRoot))
	case "tiles":
		return checkTiles(c)
	}
	return fmt.Errorf("unknown kind %q", c.Kind)
}

// checkNote accepts a note only if every one of the keys has signed it.
func checkNote(c testCase) error {
	var known []note.Verifier
	for _, key := range c.Keys {
		v, err := verifier(key)
		if err != nil {
			return err
		}
		known = append(known, v)
	}
	n, err := note.Open(c.Note, note.VerifierList(known...))
	if err != nil {
		return err
	}
	if len(n.Sigs) != len(known) {
		return fmt.Errorf("%d of %d keys have signed", len(n.Sigs), len(known))
	}
	return nil
}

// checkTiles authenticates the tiles and proves one record and one older tree from them.
func checkTiles(c testCase) error {
	tree := tlog.Tree{N: c.Size, Hash: hash(c.Root)}
	reader := tlog.TileHashReader(tree, tiles(c.Folder))
	proof, err := tlog.ProveRecord(c.Size, c.Index, reader)
	if err != nil {
		return err
	}
	if len(proof) != len(c.Proof) {
		return fmt.Errorf("the proof has %d hashes", len(proof))
	}
	for i := range proof {
		if !bytes.Equal(proof[i][:], c.Proof[i]) {
			return fmt.Errorf("hash %d of the proof differs", i)
		}
	}
	older, err := tlog.ProveTree(c.Size, c.Old, reader)
	if err != nil {
		return err
	}
	return tlog.CheckTree(older, c.Size, tree.Hash, c.Old, hash(c.OldRoot))
}

type tiles string

func (t tiles) Height() int                      { return 8 }
func (t tiles) SaveTiles([]tlog.Tile, [][]byte) {}
func (t tiles) ReadTiles(wanted []tlog.Tile) ([][]byte, error) {
	var data [][]byte
	for _, tile := range wanted {
		// The Go database names the height in its paths: tile/8/L/N.
		path := strings.Replace(tile.Path(), "tile/8/", "tile/", 1)
		content, err := os.ReadFile(filepath.Join(string(t), path))
		if err != nil {
			return nil, err
		}
		data = append(data, content)
	}
	return data, nil
}

// cosigner implements C2SP tlog-cosignature, which x/mod does not know.
type cosigner struct {
	name   string
	id     uint32
	verify func(text string, time uint64, signature []byte) bool
}

func (c cosigner) Name() string    { return c.name }
func (c cosigner) KeyHash() uint32 { return c.id }
func (c cosigner) Verify(text, signature []byte) bool {
	return len(signature) > 8 &&
		c.verify(string(text), binary.BigEndian.Uint64(signature), signature[8:])
}

func verifier(vkey string) (note.Verifier, error) {
	parts := strings.SplitN(vkey, "+", 3)
	if len(parts) != 3 {
		return nil, fmt.Errorf("malformed key")
	}
	material, err := base64.StdEncoding.DecodeString(parts[2])
	if err != nil || len(material) < 2 {
		return nil, fmt.Errorf("malformed key")
	}
	name, public := parts[0], material[1:]
	digest := sha256.Sum256(append([]byte(name+"\n"), material...))
	id := binary.BigEndian.Uint32(digest[:4])
	if fmt.Sprintf("%08x", id) != parts[1] {
		return nil, fmt.Errorf("the id does not belong to the key")
	}
	switch material[0] {
	case 0x01:
		return note.NewVerifier(vkey)
	case 0x04:
		return cosigner{name, id, func(text string, time uint64, signature []byte) bool {
			message := fmt.Sprintf("cosignature/v1\ntime %d\n%s", time, text)
			return len(public) == 32 && ed25519.Verify(public, []byte(message), signature)
		}}, nil
	case 0x06:
		key, err := mldsa.NewPublicKey(mldsa.MLDSA44(), public)
		if err != nil {
			return nil, err
		}
		return cosigner{name, id, func(text string, time uint64, signature []byte) bool {
			message, err := subtree(name, time, text)
			return err == nil && mldsa.Verify(key, message, signature, nil) == nil
		}}, nil
	}
	return nil, fmt.Errorf("unknown kind of key")
}

func subtree(name string, time uint64, text string) ([]byte, error) {
	lines := strings.Split(text, "\n")
	if len(lines) < 4 {
		return nil, fmt.Errorf("no checkpoint")
	}
	size, err := strconv.ParseUint(lines[1], 10, 63)
	if err != nil {
		return nil, err
	}
	root, err := base64.StdEncoding.DecodeString(lines[2])
	if err != nil || len(root) != 32 {
		return nil, fmt.Errorf("no root")
	}
	message := []byte("subtree/v1\n\x00")
	message = append(append(message, byte(len(name))), name...)
	message = binary.BigEndian.AppendUint64(message, time)
	message = append(append(message, byte(len(lines[0]))), lines[0]...)
	message = binary.BigEndian.AppendUint64(message, 0)
	message = binary.BigEndian.AppendUint64(message, size)
	return append(message, root...), nil
}

func hash(content []byte) (h tlog.Hash) {
	copy(h[:], content)
	return h
}

func hashes(contents [][]byte) (all []tlog.Hash) {
	for _, content := range contents {
		all = append(all, hash(content))
	}
	return all
}
