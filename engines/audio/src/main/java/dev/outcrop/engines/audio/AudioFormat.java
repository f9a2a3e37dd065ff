package dev.outcrop.engines.audio;

import java.util.Optional;

/** Kinds of files that hold sound, known by their first bytes. */
public enum AudioFormat {
    /** RIFF WAVE. */
    WAV,
    /** FLAC by itself. */
    FLAC,
    /** Ogg, whatever it holds. */
    OGG,
    /** Matroska or WebM. */
    WEBM,
    /** MPEG audio, layer 3. */
    MP3,
    /** ISO base media: MP4, M4A, MOV. */
    MP4,
    /** AMR narrow-band or wide-band. */
    AMR,
    /** AAC frames without a container. */
    ADTS;

    /** How many bytes {@link #recognise} looks at. */
    public static final int LOOK = 16;

    /**
     * What a file that begins with {@code head} is; empty if it is none of these.
     *
     * @param head its first {@value #LOOK} bytes, or all if it has fewer
     */
    public static Optional<AudioFormat> recognise(byte[] head) {
        if ((is(head, 0, "RIFF") || is(head, 0, "RF64")) && is(head, 8, "WAVE")) {
            return Optional.of(WAV);
        }
        if (is(head, 0, "fLaC")) {
            return Optional.of(FLAC);
        }
        if (is(head, 0, "OggS")) {
            return Optional.of(OGG);
        }
        if (is(head, 0, "\u001aE\u00df\u00a3")) {
            return Optional.of(WEBM);
        }
        if (is(head, 4, "ftyp") || is(head, 4, "moov") || is(head, 4, "mdat")) {
            return Optional.of(MP4);
        }
        if (is(head, 0, "#!AMR")) {
            return Optional.of(AMR);
        }
        if (is(head, 0, "ID3")) {
            return Optional.of(MP3);
        }
        if (head.length >= 2 && (head[0] & 0xFF) == 0xFF) {
            int second = head[1] & 0xFF;
            if ((second & 0xF6) == 0xF0) {
                return Optional.of(ADTS);
            }
            if ((second & 0xE0) == 0xE0 && (second & 0x06) == 0x02) {
                return Optional.of(MP3);
            }
        }
        return Optional.empty();
    }

    private static boolean is(byte[] head, int at, String text) {
        if (head.length < at + text.length()) {
            return false;
        }
        for (int i = 0; i < text.length(); i++) {
            if ((head[at + i] & 0xFF) != text.charAt(i)) {
                return false;
            }
        }
        return true;
    }
}
