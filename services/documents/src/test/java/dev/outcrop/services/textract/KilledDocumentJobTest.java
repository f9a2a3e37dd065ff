package dev.outcrop.services.textract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outcrop.kernel.KilledProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.textract.model.Block;
import software.amazon.awssdk.services.textract.model.BlockType;
import software.amazon.awssdk.services.textract.model.FeatureType;
import software.amazon.awssdk.services.textract.model.GetDocumentAnalysisResponse;
import software.amazon.awssdk.services.textract.model.JobStatus;

/** A job over a long document outlives SIGKILL at any moment: each page is there, and once. */
class KilledDocumentJobTest {
    private static final int PAGES = 40;
    /** More of them by {@code -Doutcrop.kills=20}. */
    private static final int KILLS = Integer.getInteger("outcrop.kills", 1);

    private static final int LONGEST_LIFE_MILLIS = 500;

    @TempDir
    Path folder;

    @Test
    void everyPageIsReadOnce() throws Exception {
        String id;
        try (TextractHouse house = new TextractHouse(folder)) {
            house.put("inbox", "long.pdf", SamplePages.letter(PAGES));
            id = house.textract()
                    .startDocumentAnalysis(request -> request.featureTypes(FeatureType.TABLES)
                            .documentLocation(location -> location.s3Object(
                                    object -> object.bucket("inbox").name("long.pdf"))))
                    .jobId();
        }
        Random random = new Random();

        for (int kill = 1; kill <= KILLS; kill++) {
            KilledProcess.afterTime(
                    ReadingProcess.class, Duration.ofMillis(random.nextInt(LONGEST_LIFE_MILLIS)), folder);
        }

        try (TextractHouse house = new TextractHouse(folder)) {
            house.startJobs();
            TextractHouse.await(() -> answer(house, id, null).jobStatus() == JobStatus.SUCCEEDED);
            List<Block> blocks = new ArrayList<>();
            String token = null;
            do {
                GetDocumentAnalysisResponse answer = answer(house, id, token);
                blocks.addAll(answer.blocks());
                token = answer.nextToken();
            } while (token != null);
            assertThat(blocks)
                    .filteredOn(block -> block.blockType() == BlockType.PAGE)
                    .extracting(Block::page)
                    .containsExactlyElementsOf(
                            IntStream.rangeClosed(1, PAGES).boxed().toList());
            assertThat(blocks).extracting(Block::id).doesNotHaveDuplicates();
        }
    }

    private static GetDocumentAnalysisResponse answer(TextractHouse house, String id, String token) {
        return house.textract().getDocumentAnalysis(request -> request.jobId(id).nextToken(token));
    }
}
