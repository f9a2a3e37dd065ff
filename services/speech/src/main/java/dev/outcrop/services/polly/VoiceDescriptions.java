package dev.outcrop.services.polly;

import dev.outcrop.kernel.Pages;
import java.util.List;
import software.amazon.awssdk.services.polly.model.DescribeVoicesRequest;
import software.amazon.awssdk.services.polly.model.DescribeVoicesResponse;
import software.amazon.awssdk.services.polly.model.Voice;

/** Which voice ids are answered, and by whom: the model's name stands behind each id's own. */
final class VoiceDescriptions {
    private final InstalledVoice installed;
    private final Pages pages;

    VoiceDescriptions(InstalledVoice installed, Pages pages) {
        this.installed = installed;
        this.pages = pages;
    }

    DescribeVoicesResponse describe(DescribeVoicesRequest request) {
        List<Voice> all = installed.files().stream()
                .flatMap(files -> VoiceIds.of(files.language()).stream()
                        .filter(voice -> request.languageCode() == null || request.languageCode() == voice.language())
                        .filter(voice ->
                                request.engine() == null || voice.engines().contains(request.engine()))
                        .map(voice -> described(voice, files.id())))
                .toList();
        Pages.Slice<Voice> page =
                pages.of("voices " + request.languageCode() + " " + request.engine(), all, null, request.nextToken());
        return DescribeVoicesResponse.builder()
                .voices(page.items())
                .nextToken(page.next())
                .build();
    }

    private static Voice described(VoiceIds.Known voice, String model) {
        return Voice.builder()
                .id(voice.id())
                .name(voice.id() + " (" + model + ")")
                .gender(voice.gender())
                .languageCode(voice.language())
                .languageName(voice.languageName())
                .supportedEngines(voice.engines())
                .build();
    }
}
