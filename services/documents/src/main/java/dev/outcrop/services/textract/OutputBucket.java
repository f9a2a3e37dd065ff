package dev.outcrop.services.textract;

import dev.outcrop.kernel.Clients;
import java.util.function.Supplier;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.ServerSideEncryption;
import software.amazon.awssdk.services.textract.model.InvalidKmsKeyException;
import software.amazon.awssdk.services.textract.model.StartDocumentAnalysisRequest;

/**
 * The caller's bucket for results, written as the caller: under the prefix and the job's id, files that are called by numbers,
 * each an answer of the operation that gets results.
 */
final class OutputBucket {
    private static final String PREFIX = "textract_output";

    private final Supplier<Clients> clients;

    OutputBucket(Supplier<Clients> clients) {
        this.clients = clients;
    }

    /**
     * Makes sure that the bucket can be written and the key used, where a request names them.
     *
     * @throws software.amazon.awssdk.services.textract.model.InvalidS3ObjectException if it cannot
     * @throws InvalidKmsKeyException if the key cannot be used
     */
    void check(String id, StartDocumentAnalysisRequest request) {
        if (request.outputConfig() != null) {
            put(id, request, ".s3_access_check", new byte[0]);
        } else if (request.kmsKeyId() != null) {
            throw TextractFailures.invalid("KMSKeyId needs an OutputConfig");
        }
    }

    void put(String id, StartDocumentAnalysisRequest request, int number, byte[] json) {
        put(id, request, Integer.toString(number), json);
    }

    private void put(String id, StartDocumentAnalysisRequest request, String name, byte[] content) {
        String prefix = request.outputConfig().s3Prefix() == null
                ? PREFIX
                : request.outputConfig().s3Prefix().replaceAll("/+$", "");
        String key = request.kmsKeyId();
        try {
            clients.get()
                    .of(S3Client.class)
                    .putObject(
                            put -> put.bucket(request.outputConfig().s3Bucket())
                                    .key(prefix + "/" + id + "/" + name)
                                    .serverSideEncryption(key == null ? null : ServerSideEncryption.AWS_KMS)
                                    .ssekmsKeyId(key),
                            RequestBody.fromBytes(content));
        } catch (AwsServiceException refusal) {
            String code = refusal.awsErrorDetails() == null
                    ? ""
                    : refusal.awsErrorDetails().errorCode();
            if (key != null && (code.startsWith("KMS") || code.contains("Kms"))) {
                throw InvalidKmsKeyException.builder()
                        .message(
                                "Indicates you do not have decrypt permissions with the KMS key entered, or the KMS key"
                                        + " was entered incorrectly.")
                        .build();
            }
            throw TextractFailures.noOutput();
        }
    }
}
