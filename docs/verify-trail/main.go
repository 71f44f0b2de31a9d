// Command verify-trail checks an exported audit trail of Opskeep without Opskeep: its own program, and the libraries of
// Go's checksum database for signed notes and Merkle trees.
//
//	verify-trail KEYS FOLDER [CHECKPOINT...]
//	verify-trail -proof KEYS FILE [CHECKPOINT]
//
// KEYS is a file with verifier keys (C2SP signed-note), one a line, that was kept since before: those of the export prove
// nothing. FOLDER is what `opskeep admin audit export` wrote; FILE a proof of `opskeep admin audit prove`. Each CHECKPOINT
// is a file that was kept elsewhere: the trail has to contain it, or was rolled back or rewritten.
package main

import (
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

const height = 8
const width = 1 << height

func main() {
	args := os.Args[1:]
	run := verifyFolder
	if len(args) > 0 && args[0] == "-proof" {
		args, run = args[1:], verifyProof
	}
	if len(args) < 2 {
		fmt.Fprintln(os.Stderr, "usage: verify-trail [-proof] KEYS FOLDER-OR-FILE [CHECKPOINT...]")
		os.Exit(2)
	}
	if err := run(args[0], args[1], args[2:]); err != nil {
		fmt.Fprintln(os.Stderr, "REFUSED:", err)
		os.Exit(1)
	}
}

// A trail is where files come from and the keys that are believed.
type trail struct {
	folder string
	keys   note.Verifiers
	origin string
}

func verifyFolder(keys, folder string, kept []string) error {
	t, err := open(keys, folder)
	if err != nil {
		return err
	}
	newest, err := t.readCheckpoint(filepath.Join(folder, "checkpoint"))
	if err != nil {
		return err
	}
	if err := t.checkEntries(newest); err != nil {
		return err
	}
	for _, file := range kept {
		if err := t.checkContained(file, newest); err != nil {
			return err
		}
	}
	fmt.Printf("%d entries are as they were sealed; %d checkpoints from elsewhere are contained\n", newest.N, len(kept))
	return nil
}

func open(keys, folder string) (*trail, error) {
	text, err := os.ReadFile(keys)
	if err != nil {
		return nil, err
	}
	var list []note.Verifier
	t := &trail{folder: folder}
	for _, line := range strings.Fields(string(text)) {
		one, err := note.NewVerifier(line)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", keys, err)
		}
		if t.origin != "" && t.origin != one.Name() {
			return nil, fmt.Errorf("%s has keys of several trails", keys)
		}
		t.origin = one.Name()
		list = append(list, one)
	}
	t.keys = note.VerifierList(list...)
	return t, nil
}

func (t *trail) readCheckpoint(file string) (tlog.Tree, error) {
	signed, err := os.ReadFile(file)
	if err != nil {
		return tlog.Tree{}, err
	}
	tree, err := t.parse(signed)
	if err != nil {
		return tree, fmt.Errorf("%s: %w", file, err)
	}
	return tree, nil
}

// parse opens a checkpoint (C2SP tlog-checkpoint).
func (t *trail) parse(signed []byte) (tree tlog.Tree, err error) {
	opened, err := note.Open(signed, t.keys)
	if err != nil {
		return tree, err
	}
	lines := strings.Split(opened.Text, "\n")
	if len(lines) < 4 || lines[0] != t.origin {
		return tree, errors.New("it is not a checkpoint of " + t.origin)
	}
	tree.N, err = strconv.ParseInt(lines[1], 10, 64)
	if err != nil || tree.N < 0 || strconv.FormatInt(tree.N, 10) != lines[1] {
		return tree, errors.New("its size is malformed")
	}
	tree.Hash, err = tlog.ParseHash(lines[2])
	return tree, err
}

// checkEntries computes the tree anew from all entries, and compares it with the root that was signed.
func (t *trail) checkEntries(tree tlog.Tree) error {
	var stored []tlog.Hash
	read := tlog.HashReaderFunc(func(indexes []int64) ([]tlog.Hash, error) {
		hashes := make([]tlog.Hash, len(indexes))
		for i, index := range indexes {
			hashes[i] = stored[index]
		}
		return hashes, nil
	})
	var seen int64
	for n := int64(0); n*width < tree.N; n++ {
		leaves, err := t.bundle(n, min(width, tree.N-n*width))
		if err != nil {
			return err
		}
		for _, leaf := range leaves {
			if err := checkPlace(leaf, seen+1); err != nil {
				return err
			}
			hashes, err := tlog.StoredHashes(seen, leaf, read)
			if err != nil {
				return err
			}
			stored = append(stored, hashes...)
			seen++
		}
	}
	if tree.N == 0 {
		return nil
	}
	root, err := tlog.TreeHash(tree.N, read)
	if err != nil {
		return err
	}
	if root != tree.Hash {
		return errors.New("the entries are not those that were sealed")
	}
	return t.checkTiles(tree, read)
}

// checkTiles compares the tiles with the tree of the entries: proofs are made from them.
func (t *trail) checkTiles(tree tlog.Tree, entries tlog.HashReader) error {
	for _, tile := range tlog.NewTiles(height, 0, tree.N) {
		// Beside the tiles of this tree, those of smaller ones are named, too.
		if hashes := tree.N >> (height * uint(tile.L)); int64(tile.W) != min(width, hashes-tile.N*width) {
			continue
		}
		want, err := tlog.ReadTileData(tile, entries)
		if err != nil {
			return err
		}
		got, err := t.tile(tile)
		if err != nil {
			return err
		}
		if string(got) != string(want) {
			return fmt.Errorf("%s is not that of the entries", tile.Path())
		}
	}
	return nil
}

// bundle reads entries, each behind its length in two bytes (C2SP tlog-tiles).
func (t *trail) bundle(n, count int64) ([][]byte, error) {
	path := filepath.Join(t.folder, "tile", "entries", numbered(n, int(count)))
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	var leaves [][]byte
	for len(data) > 0 {
		if len(data) < 2 || len(data)-2 < int(binary.BigEndian.Uint16(data)) {
			return nil, fmt.Errorf("%s is cut off", path)
		}
		length := int(binary.BigEndian.Uint16(data))
		leaves, data = append(leaves, data[2:2+length]), data[2+length:]
	}
	if int64(len(leaves)) != count {
		return nil, fmt.Errorf("%s has %d entries, not %d", path, len(leaves), count)
	}
	return leaves, nil
}

// checkPlace makes sure that an entry says the place at which it stands.
func checkPlace(leaf []byte, seq int64) error {
	var entry struct {
		Seq int64 `json:"seq"`
	}
	if err := json.Unmarshal(leaf, &entry); err != nil || entry.Seq != seq {
		return fmt.Errorf("the entry at place %d says that it is number %d", seq, entry.Seq)
	}
	return nil
}

// checkContained proves, over the tiles, that the newest tree begins with one that was signed before.
func (t *trail) checkContained(file string, newest tlog.Tree) error {
	old, err := t.readCheckpoint(file)
	if err != nil {
		return err
	}
	if old.N > newest.N {
		return fmt.Errorf("%s knows of %d entries, the trail has %d: it was cut or rolled back", file, old.N, newest.N)
	}
	if old.N == 0 {
		return nil
	}
	reader := tlog.TileHashReader(newest, t)
	proof, err := tlog.ProveTree(newest.N, old.N, reader)
	if err == nil {
		err = tlog.CheckTree(proof, newest.N, newest.Hash, old.N, old.Hash)
	}
	if err != nil {
		return fmt.Errorf("%s is not contained: the trail has another history (%w)", file, err)
	}
	return nil
}

// verifyProof checks a proof that one entry is in a checkpoint (C2SP tlog-proof), and prints the entry.
func verifyProof(keys, file string, kept []string) error {
	t, err := open(keys, "")
	if err != nil {
		return err
	}
	text, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	head, signed, found := strings.Cut(string(text), "\n\n")
	lines := strings.Split(head, "\n")
	if !found || len(lines) < 3 || lines[0] != "c2sp.org/tlog-proof@v1" ||
		!strings.HasPrefix(lines[1], "extra ") || !strings.HasPrefix(lines[2], "index ") {
		return errors.New("it is not a proof of an entry")
	}
	leaf, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(lines[1], "extra "))
	if err != nil {
		return err
	}
	index, err := strconv.ParseInt(strings.TrimPrefix(lines[2], "index "), 10, 64)
	if err != nil {
		return err
	}
	var proof tlog.RecordProof
	for _, line := range lines[3:] {
		hash, err := tlog.ParseHash(line)
		if err != nil {
			return err
		}
		proof = append(proof, hash)
	}
	tree, err := t.parse([]byte(signed))
	if err != nil {
		return err
	}
	for _, one := range kept {
		old, err := t.readCheckpoint(one)
		if err != nil {
			return err
		}
		if old != tree {
			return fmt.Errorf("the proof is for another checkpoint than %s", one)
		}
	}
	if index < 0 || index >= tree.N {
		return errors.New("the entry is not in the checkpoint")
	}
	if err := tlog.CheckRecord(proof, tree.N, tree.Hash, index, tlog.RecordHash(leaf)); err != nil {
		return err
	}
	if err := checkPlace(leaf, index+1); err != nil {
		return err
	}
	fmt.Printf("%s\n", leaf)
	return nil
}

// Height, ReadTiles and SaveTiles are what tlog asks for: the tiles come from the export.
func (t *trail) Height() int { return height }

func (t *trail) ReadTiles(tiles []tlog.Tile) ([][]byte, error) {
	var all [][]byte
	for _, tile := range tiles {
		data, err := t.tile(tile)
		if err != nil {
			return nil, err
		}
		all = append(all, data)
	}
	return all, nil
}

func (t *trail) SaveTiles([]tlog.Tile, [][]byte) {}

// tile reads a tile of the export, which has those of its newest checkpoint.
func (t *trail) tile(tile tlog.Tile) ([]byte, error) {
	return os.ReadFile(filepath.Join(t.folder, "tile", strconv.Itoa(tile.L), numbered(tile.N, tile.W)))
}

// numbered is the path of a tile below its level: three digits each, and its width where it is partial.
func numbered(n int64, w int) string {
	path := fmt.Sprintf("%03d", n%1000)
	for n >= 1000 {
		n /= 1000
		path = fmt.Sprintf("x%03d/%s", n%1000, path)
	}
	if w < width {
		path += fmt.Sprintf(".p/%d", w)
	}
	return filepath.FromSlash(path)
}

func min(a, b int64) int64 {
	if a < b {
		return a
	}
	return b
}
