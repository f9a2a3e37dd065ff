package dev.outcrop.storage;

import com.github.luben.zstd.Zstd;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Entries of one kind that arrived together, as one row of the journal. What several entries have in common, which in
 * records of calls is nearly all, is stored once: 512 of them take a fifteenth of their length, and half a microsecond of
 * compression each, where a row each would take six.
 *
 * @param sequence the sequence of its first entry; those of the others follow it one by one
 * @param entries  how many it has
 * @param latest   the latest time of its entries
 * @param account  whose its only entry is; empty if it has several, of any accounts
 * @param body     that of its only entry, or all entries in the form of Zstandard (RFC 8878)
 */
record JournalBlock(String kind, long sequence, int entries, Instant latest, Optional<String> account, byte[] body) {
    private static final int MOST_ENTRIES = 512;
    private static final int LONGEST = 1 << 20;
    /** A block is longer than {@link #LONGEST} by one entry at most, and no entry is as long as this. */
    private static final long LONGEST_POSSIBLE = 1L << 30;

    private static final int COMPRESSION = 1;

    /** The sequence of its last entry. */
    long last() {
        return sequence + entries - 1;
    }

    /** Packs entries of one kind, the first of which gets the sequence {@code first}. */
    static List<JournalBlock> pack(List<JournalEntry> entries, long first) {
        List<JournalBlock> blocks = new ArrayList<>();
        int from = 0;
        while (from < entries.size()) {
            int to = from;
            long length = 0;
            while (to < entries.size() && to - from < MOST_ENTRIES && length < LONGEST) {
                length += entries.get(to).body().length;
                to++;
            }
            blocks.add(of(entries.subList(from, to), first + from));
            from = to;
        }
        return blocks;
    }

    private static JournalBlock of(List<JournalEntry> entries, long sequence) {
        JournalEntry first = entries.getFirst();
        if (entries.size() == 1) {
            return new JournalBlock(
                    first.kind(), sequence, 1, first.time(), Optional.of(first.account()), first.body());
        }
        Instant latest =
                entries.stream().map(JournalEntry::time).max(Instant::compareTo).orElseThrow();
        return new JournalBlock(first.kind(), sequence, entries.size(), latest, Optional.empty(), compressed(entries));
    }

    private static byte[] compressed(List<JournalEntry> entries) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(entries.size() * 1024);
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            for (JournalEntry entry : entries) {
                out.writeUTF(entry.account());
                out.writeLong(entry.time().toEpochMilli());
                out.writeInt(entry.body().length);
                out.write(entry.body());
            }
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return Zstd.compress(bytes.toByteArray(), COMPRESSION);
    }

    /**
     * Its entries in the order of their arrival.
     *
     * @throws StorageException if it is damaged
     */
    List<Journal.Place> places() {
        if (account.isPresent()) {
            return List.of(new Journal.Place(new JournalEntry(kind, account.get(), latest, body), sequence));
        }
        List<Journal.Place> places = new ArrayList<>(entries);
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(decompressed()))) {
            for (int i = 0; i < entries; i++) {
                String whose = in.readUTF();
                Instant time = Instant.ofEpochMilli(in.readLong());
                byte[] content = in.readNBytes(in.readInt());
                places.add(new Journal.Place(new JournalEntry(kind, whose, time, content), sequence + i));
            }
            return places;
        } catch (IOException | RuntimeException damage) {
            throw new StorageException("cannot read the journal's " + kind + " from " + sequence + " on", damage);
        }
    }

    private byte[] decompressed() throws IOException {
        long length = Zstd.getFrameContentSize(body);
        if (length < 0 || length > LONGEST_POSSIBLE) {
            throw new IOException("no length is told");
        }
        return Zstd.decompress(body, (int) length);
    }
}
