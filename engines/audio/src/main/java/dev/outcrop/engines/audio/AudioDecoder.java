package dev.outcrop.engines.audio;

import static dev.outcrop.engines.audio.UnreadableAudioException.damaged;
import static dev.outcrop.engines.audio.UnreadableAudioException.unsupported;

import dev.outcrop.engines.audio.UnreadableAudioException.Category;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.Optional;

/**
 * Decodes files of sound, whose format it knows by their first bytes: WAVE, FLAC (by itself and in Ogg), MP3, AAC in MP4,
 * Opus and Vorbis in Ogg and WebM. AMR is not decoded: there is no decoder of it that may be shipped. What is read is bounded,
 * whatever a file says of itself.
 */
public final class AudioDecoder {
    private AudioDecoder() {}

    /** What the file is; empty if it is nothing that is known. */
    public static Optional<AudioFormat> format(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            return AudioFormat.recognise(in.readNBytes(AudioFormat.LOOK));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /**
     * The sound of a file, decoded as it is read.
     *
     * @throws UnreadableAudioException if it cannot be had
     */
    public static SoundStream open(Path file, AudioLimits limits) {
        AudioFormat format =
                format(file).orElseThrow(() -> unsupported("the file is of no format of sound that is known"));
        try {
            if (Files.size(file) > limits.bytes()) {
                throw new UnreadableAudioException(
                        Category.TOO_LARGE, "the file is larger than " + limits.bytes() + " bytes");
            }
            if (format == AudioFormat.MP4) {
                FileChannel channel = FileChannel.open(file);
                return opened(limits, channel, () -> new AacStream(channel));
            }
            return open(Files.newInputStream(file), limits);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /**
     * The same for what comes over a connection. MP4 is written to a temporary file first, since its tables may stand at its
     * end.
     */
    public static SoundStream open(InputStream in, AudioLimits limits) {
        BufferedInputStream buffered = new BufferedInputStream(in, 1 << 16);
        byte[] head;
        try {
            buffered.mark(AudioFormat.LOOK);
            head = buffered.readNBytes(AudioFormat.LOOK);
            buffered.reset();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        Bytes bytes = new Bytes(buffered, limits.bytes());
        return switch (AudioFormat.recognise(head)
                .orElseThrow(() -> unsupported("the file is of no format of sound that is known"))) {
            case WAV -> opened(limits, bytes, () -> new WavStream(bytes));
            case FLAC -> opened(limits, bytes, () -> new FlacStream(bytes));
            case MP3 -> opened(limits, bytes, () -> new Mp3Stream(bytes));
            case OGG -> opened(limits, bytes, () -> ogg(new OggPackets(bytes), limits));
            case WEBM ->
                opened(limits, bytes, () -> {
                    WebmPackets packets = new WebmPackets(bytes);
                    return packets.isOpus()
                            ? new OpusStream(packets, packets.head())
                            : VorbisStream.matroska(packets.head(), packets);
                });
            case MP4 -> spooled(buffered, limits);
            case AMR -> throw unsupported("AMR is not decoded");
            case ADTS -> throw unsupported("AAC is decoded in MP4 files only");
        };
    }

    /** All of a file's sound. */
    public static Sound decode(InputStream in, AudioLimits limits) {
        try (SoundStream stream = open(in, limits)) {
            float[] samples = new float[1 << 16];
            int filled = 0;
            for (Optional<float[]> piece = stream.next(); piece.isPresent(); piece = stream.next()) {
                float[] next = piece.get();
                if (filled + next.length > samples.length) {
                    samples = Arrays.copyOf(samples, Math.max(2 * samples.length, filled + next.length));
                }
                System.arraycopy(next, 0, samples, filled, next.length);
                filled += next.length;
            }
            return new Sound(Arrays.copyOf(samples, filled), stream.sampleRate(), stream.channels());
        }
    }

    private static SoundStream ogg(OggPackets packets, AudioLimits limits) {
        byte[] first = packets.next().orElseThrow(() -> damaged("the Ogg file is empty"));
        if (begins(first, "OpusHead")) {
            return new OpusStream(packets, first);
        }
        if (VorbisStream.begins(first)) {
            return VorbisStream.ogg(first, packets);
        }
        if (begins(first, "\u007fFLAC") && first.length > 13) {
            PacketBytes rest = new PacketBytes(Arrays.copyOfRange(first, 9, first.length), packets);
            return new FlacStream(new Bytes(rest, limits.bytes()));
        }
        throw unsupported("the Ogg file holds no codec that is known");
    }

    private static boolean begins(byte[] packet, String text) {
        if (packet.length < text.length()) {
            return false;
        }
        for (int i = 0; i < text.length(); i++) {
            if (packet[i] != (byte) text.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    private static SoundStream spooled(InputStream in, AudioLimits limits) {
        try {
            Path file = Files.createTempFile("outcrop-audio", ".mp4");
            try (in;
                    InputStream bounded = new PacketBytes.Bounded(in, limits.bytes())) {
                Files.copy(bounded, file, StandardCopyOption.REPLACE_EXISTING);
                // The open channel keeps the bytes; nobody needs the name.
                return open(file, limits);
            } finally {
                Files.deleteIfExists(file);
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private interface Opening {
        SoundStream open();
    }

    private static SoundStream opened(AudioLimits limits, AutoCloseable source, Opening opening) {
        boolean done = false;
        try {
            SoundStream stream = opening.open();
            if (stream.channels() > limits.channels()) {
                throw new UnreadableAudioException(
                        Category.TOO_LARGE,
                        "the file has " + stream.channels() + " channels, more than " + limits.channels());
            }
            done = true;
            return new BoundedSound(stream, limits.length());
        } finally {
            if (!done) {
                close(source);
            }
        }
    }

    private static void close(AutoCloseable source) {
        try {
            source.close();
        } catch (Exception failure) {
            System.getLogger(AudioDecoder.class.getName()).log(System.Logger.Level.DEBUG, "could not close", failure);
        }
    }
}
