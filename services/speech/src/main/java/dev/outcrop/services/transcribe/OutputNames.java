package dev.outcrop.services.transcribe;

import software.amazon.awssdk.services.transcribe.model.StartTranscriptionJobRequest;
import software.amazon.awssdk.services.transcribe.model.SubtitleFormat;

/**
 * The keys of a job's files.
 *
 * <p>Source: OutputKey of StartTranscriptionJob in the Amazon Transcribe API reference.
 *
 * @param folder what the keys begin with, empty or ending in a slash
 * @param name   of the transcript, without its ending
 */
record OutputNames(String folder, String name) {
    private static final String ENDING = ".json";

    static OutputNames of(StartTranscriptionJobRequest request) {
        String key = request.outputKey() == null ? "" : request.outputKey();
        int slash = key.lastIndexOf('/');
        String folder = key.substring(0, slash + 1);
        String rest = key.substring(slash + 1);
        String name = rest.endsWith(ENDING) ? rest.substring(0, rest.length() - ENDING.length()) : rest;
        return new OutputNames(folder, name.isEmpty() ? request.transcriptionJobName() : name);
    }

    String transcript() {
        return folder + name + ENDING;
    }

    String redacted() {
        return folder + "redacted-" + name + ENDING;
    }

    String subtitles(SubtitleFormat format, boolean redacted) {
        return folder + (redacted ? "redacted-" : "") + name + "." + format;
    }
}
