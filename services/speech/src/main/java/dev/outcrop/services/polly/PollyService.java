package dev.outcrop.services.polly;

import dev.outcrop.kernel.Clients;
import dev.outcrop.kernel.PageTokens;
import dev.outcrop.kernel.Pages;
import dev.outcrop.kernel.ResourceStore;
import dev.outcrop.kernel.jobs.Jobs;
import dev.outcrop.kernel.jobs.Work;
import java.time.InstantSource;
import java.util.Map;
import java.util.function.Supplier;
import software.amazon.awssdk.core.sync.ResponseTransformer;
import software.amazon.awssdk.services.polly.PollyClient;
import software.amazon.awssdk.services.polly.model.DeleteLexiconRequest;
import software.amazon.awssdk.services.polly.model.DeleteLexiconResponse;
import software.amazon.awssdk.services.polly.model.DescribeVoicesRequest;
import software.amazon.awssdk.services.polly.model.DescribeVoicesResponse;
import software.amazon.awssdk.services.polly.model.GetLexiconRequest;
import software.amazon.awssdk.services.polly.model.GetLexiconResponse;
import software.amazon.awssdk.services.polly.model.GetSpeechSynthesisTaskRequest;
import software.amazon.awssdk.services.polly.model.GetSpeechSynthesisTaskResponse;
import software.amazon.awssdk.services.polly.model.ListLexiconsRequest;
import software.amazon.awssdk.services.polly.model.ListLexiconsResponse;
import software.amazon.awssdk.services.polly.model.ListSpeechSynthesisTasksRequest;
import software.amazon.awssdk.services.polly.model.ListSpeechSynthesisTasksResponse;
import software.amazon.awssdk.services.polly.model.PutLexiconRequest;
import software.amazon.awssdk.services.polly.model.PutLexiconResponse;
import software.amazon.awssdk.services.polly.model.StartSpeechSynthesisTaskRequest;
import software.amazon.awssdk.services.polly.model.StartSpeechSynthesisTaskResponse;
import software.amazon.awssdk.services.polly.model.SynthesizeSpeechRequest;
import software.amazon.awssdk.services.polly.model.SynthesizeSpeechResponse;

/** Amazon Polly: text to speech. */
public final class PollyService implements PollyClient {
    private static final int PAGE = 50;

    private final Lexicons lexicons;
    private final VoiceDescriptions voices;
    private final Synthesis synthesis;
    private final SynthesisTasks tasks;
    private final SynthesisWork work;

    /**
     * The service. Nothing is opened before it is asked for.
     *
     * @param voice   what speaks
     * @param clients reach S3 and SNS
     * @param jobs    run the tasks
     */
    public PollyService(
            ResourceStore store,
            PageTokens tokens,
            InstalledVoice voice,
            Supplier<Clients> clients,
            Supplier<Jobs> jobs,
            InstantSource clock) {
        Pages pages = new Pages(tokens, "polly", PAGE, Lexicons::invalidToken);
        lexicons = new Lexicons(store, pages, clock);
        voices = new VoiceDescriptions(voice, pages);
        synthesis = new Synthesis(voice, lexicons);
        tasks = new SynthesisTasks(store, voice, lexicons, jobs, clock);
        work = new SynthesisWork(tasks, synthesis, voice, clients);
    }

    /** How its jobs are done. */
    public Map<String, Work> work() {
        return Map.of(SynthesisWork.KIND, work);
    }

    @Override
    public DeleteLexiconResponse deleteLexicon(DeleteLexiconRequest request) {
        return lexicons.delete(request);
    }

    @Override
    public DescribeVoicesResponse describeVoices(DescribeVoicesRequest request) {
        return voices.describe(request);
    }

    @Override
    public GetLexiconResponse getLexicon(GetLexiconRequest request) {
        return lexicons.get(request);
    }

    @Override
    public GetSpeechSynthesisTaskResponse getSpeechSynthesisTask(GetSpeechSynthesisTaskRequest request) {
        return tasks.get(request);
    }

    @Override
    public ListLexiconsResponse listLexicons(ListLexiconsRequest request) {
        return lexicons.list(request);
    }

    @Override
    public ListSpeechSynthesisTasksResponse listSpeechSynthesisTasks(ListSpeechSynthesisTasksRequest request) {
        return tasks.list(request);
    }

    @Override
    public PutLexiconResponse putLexicon(PutLexiconRequest request) {
        return lexicons.put(request);
    }

    @Override
    public StartSpeechSynthesisTaskResponse startSpeechSynthesisTask(StartSpeechSynthesisTaskRequest request) {
        return tasks.start(request);
    }

    @Override
    public <T> T synthesizeSpeech(
            SynthesizeSpeechRequest request, ResponseTransformer<SynthesizeSpeechResponse, T> transformer) {
        return synthesis.synthesize(request, transformer);
    }

    @Override
    public String serviceName() {
        return SERVICE_NAME;
    }

    @Override
    public void close() {}
}
