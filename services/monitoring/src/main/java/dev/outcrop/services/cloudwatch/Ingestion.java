package dev.outcrop.services.cloudwatch;

import dev.outcrop.engines.series.Block;
import dev.outcrop.engines.series.Summary;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What was put together, as it is written to the journal before anybody is told that it was taken.
 *
 * @param arrivedAt in milliseconds since 1970
 * @param followed  up to where the record of calls was followed for it, where it was made of that
 */
record Ingestion(long arrivedAt, OptionalLong followed, List<Measurement> measurements) {
    private static final int FORMAT = 1;

    byte[] write() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(64 * measurements.size() + 32);
        try (DataOutputStream data = new DataOutputStream(bytes)) {
            data.writeByte(FORMAT);
            data.writeLong(arrivedAt);
            data.writeBoolean(followed.isPresent());
            if (followed.isPresent()) {
                data.writeLong(followed.getAsLong());
            }
            data.writeInt(measurements.size());
            for (Measurement measurement : measurements) {
                write(data, measurement);
            }
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return bytes.toByteArray();
    }

    private static void write(DataOutputStream data, Measurement measurement) throws IOException {
        MetricKey metric = measurement.metric();
        write(data, metric);
        data.writeUTF(measurement.unit());
        data.writeLong(measurement.seconds());
        data.writeBoolean(measurement.isHighResolution());
        Block single = new Block();
        single.add(0, measurement.summary());
        boolean plain =
                measurement.summary().equals(Summary.of(measurement.summary().minimum()));
        data.writeBoolean(plain);
        if (plain) {
            data.writeDouble(measurement.summary().minimum());
        } else {
            byte[] encoded = single.encode();
            data.writeInt(encoded.length);
            data.write(encoded);
        }
    }

    static void write(DataOutputStream data, MetricKey metric) throws IOException {
        data.writeUTF(metric.account());
        data.writeUTF(metric.region());
        data.writeUTF(metric.namespace());
        data.writeUTF(metric.name());
        data.writeShort(metric.dimensions().size());
        for (Map.Entry<String, String> dimension : metric.dimensions().entrySet()) {
            data.writeUTF(dimension.getKey());
            data.writeUTF(dimension.getValue());
        }
    }

    static MetricKey readMetric(DataInputStream data) throws IOException {
        String account = data.readUTF();
        String region = data.readUTF();
        String namespace = data.readUTF();
        String name = data.readUTF();
        SortedMap<String, String> dimensions = new TreeMap<>();
        for (int left = data.readShort(); left > 0; left--) {
            dimensions.put(data.readUTF(), data.readUTF());
        }
        return new MetricKey(account, region, namespace, name, dimensions);
    }

    static Ingestion read(byte[] body) {
        try (DataInputStream data = new DataInputStream(new ByteArrayInputStream(body))) {
            int format = data.readByte();
            if (format != FORMAT) {
                throw new IOException("unknown format " + format);
            }
            long arrivedAt = data.readLong();
            OptionalLong followed = data.readBoolean() ? OptionalLong.of(data.readLong()) : OptionalLong.empty();
            List<Measurement> measurements = new ArrayList<>();
            for (int left = data.readInt(); left > 0; left--) {
                measurements.add(readMeasurement(data));
            }
            return new Ingestion(arrivedAt, followed, measurements);
        } catch (IOException damaged) {
            throw new UncheckedIOException("measurements in the journal cannot be read", damaged);
        }
    }

    private static Measurement readMeasurement(DataInputStream data) throws IOException {
        MetricKey metric = readMetric(data);
        String unit = data.readUTF();
        long seconds = data.readLong();
        boolean highResolution = data.readBoolean();
        Summary summary;
        if (data.readBoolean()) {
            summary = Summary.of(data.readDouble());
        } else {
            List<Summary> one = new ArrayList<>(1);
            Block.decode(data.readNBytes(data.readInt())).forEach(0, 1, (found, slot) -> one.add(found));
            summary = one.getFirst();
        }
        return new Measurement(metric, unit, seconds, highResolution, summary);
    }
}
