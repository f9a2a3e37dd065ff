package dev.outcrop.engines.logs;

/** An event in a block. */
record Row(EventBlock block, int index) implements Comparable<Row> {
    long timestamp() {
        return block.timestamps()[index];
    }

    @Override
    public int compareTo(Row other) {
        int byTime = Long.compare(timestamp(), other.timestamp());
        return byTime != 0 ? byTime : Long.compare(sequence(), other.sequence());
    }

    long sequence() {
        return block instanceof Batch batch ? batch.first() + index : block.sequences()[index];
    }

    long ingestedAt() {
        return block instanceof Batch batch ? batch.ingestedAt() : block.ingestionTimes()[index];
    }

    String stream() {
        return block instanceof Batch batch ? batch.stream() : block.streamNames()[block.streams()[index]];
    }
}
