package dev.outcrop.services.s3.select;

import dev.outcrop.kernel.AwsError;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import software.amazon.awssdk.services.s3.model.CSVInput;
import software.amazon.awssdk.services.s3.model.CSVOutput;
import software.amazon.awssdk.services.s3.model.CompressionType;
import software.amazon.awssdk.services.s3.model.ExpressionType;
import software.amazon.awssdk.services.s3.model.FileHeaderInfo;
import software.amazon.awssdk.services.s3.model.InputSerialization;
import software.amazon.awssdk.services.s3.model.JSONOutput;
import software.amazon.awssdk.services.s3.model.JSONType;
import software.amazon.awssdk.services.s3.model.OutputSerialization;
import software.amazon.awssdk.services.s3.model.QuoteFields;
import software.amazon.awssdk.services.s3.model.ScanRange;
import software.amazon.awssdk.services.s3.model.SelectObjectContentRequest;

/**
 * What a request says of how records are written, going in and coming out.
 *
 * <p>Source: "InputSerialization", "CSVInput", "OutputSerialization" and "ScanRange", Amazon S3 API reference.
 *
 * @param header whether the first line names the columns, or is skipped
 * @param quotedDelimiters whether a value in quotation marks may have the delimiter of records in it
 */
record SelectFormat(
        Kind kind,
        Compression compression,
        CsvReader.Format csv,
        FileHeaderInfo header,
        String recordDelimiter,
        boolean quotedDelimiters,
        RecordWriter writer,
        Optional<ScanRange> range) {
    /** What an object is. */
    enum Kind {
        CSV,
        JSON_DOCUMENT,
        JSON_LINES,
        PARQUET
    }

    /** What is around it. */
    enum Compression {
        NONE,
        GZIP,
        BZIP2
    }

    static SelectFormat of(SelectObjectContentRequest request) {
        if (request.expressionType() != ExpressionType.SQL) {
            throw SelectErrors.of(
                    "InvalidExpressionType",
                    "The ExpressionType is not valid. Only SQL expressions are" + " supported.");
        }
        InputSerialization input = request.inputSerialization();
        long formats = java.util.stream.Stream.of(input.csv(), input.json(), input.parquet())
                .filter(java.util.Objects::nonNull)
                .count();
        if (formats != 1) {
            throw conflict("InputSerialization");
        }
        Kind kind = kind(input);
        Compression compression = compression(input);
        if (kind == Kind.PARQUET && compression != Compression.NONE) {
            throw parameter("CompressionType must be NONE for Parquet.");
        }
        CSVInput csv = input.csv() == null ? CSVInput.builder().build() : input.csv();
        if (csv.fileHeaderInfo() == FileHeaderInfo.UNKNOWN_TO_SDK_VERSION) {
            throw SelectErrors.of(
                    "InvalidFileHeaderInfo",
                    "The FileHeaderInfo is not valid. Only NONE, USE, and IGNORE are supported.");
        }
        char quote = one(csv.quoteCharacter(), '"', "QuoteCharacter");
        CsvReader.Format format = new CsvReader.Format(
                delimiter(csv.fieldDelimiter(), ",", "FieldDelimiter"),
                quote,
                one(csv.quoteEscapeCharacter(), '"', "QuoteEscapeCharacter"),
                csv.comments() == null || csv.comments().isEmpty()
                        ? Optional.empty()
                        : Optional.of(one(csv.comments(), '#', "Comments")));
        boolean quotedDelimiters = Boolean.TRUE.equals(csv.allowQuotedRecordDelimiter());
        return new SelectFormat(
                kind,
                compression,
                format,
                csv.fileHeaderInfo() == null ? FileHeaderInfo.NONE : csv.fileHeaderInfo(),
                delimiter(csv.recordDelimiter(), "\n", "RecordDelimiter"),
                quotedDelimiters,
                writer(request.outputSerialization()),
                range(request.scanRange(), kind, compression, quotedDelimiters));
    }

    private static Kind kind(InputSerialization input) {
        if (input.parquet() != null) {
            return Kind.PARQUET;
        }
        if (input.csv() != null) {
            return Kind.CSV;
        }
        JSONType type = input.json().type();
        if (type == JSONType.DOCUMENT) {
            return Kind.JSON_DOCUMENT;
        }
        if (type == JSONType.LINES) {
            return Kind.JSON_LINES;
        }
        throw SelectErrors.of("InvalidJsonType", "The JsonType is not valid. Only DOCUMENT and LINES are supported.");
    }

    private static Compression compression(InputSerialization input) {
        CompressionType type = input.compressionType();
        return switch (type == null ? CompressionType.NONE : type) {
            case NONE -> Compression.NONE;
            case GZIP -> Compression.GZIP;
            case BZIP2 -> Compression.BZIP2;
            case UNKNOWN_TO_SDK_VERSION ->
                throw SelectErrors.of(
                        "InvalidCompressionFormat",
                        "The file is not in a supported compression format. Only GZIP and BZIP2 are supported.");
        };
    }

    private static RecordWriter writer(OutputSerialization output) {
        if ((output.csv() == null) == (output.json() == null)) {
            throw conflict("OutputSerialization");
        }
        if (output.json() != null) {
            JSONOutput json = output.json();
            return new RecordWriter.Json(delimiter(json.recordDelimiter(), "\n", "RecordDelimiter"));
        }
        CSVOutput csv = output.csv();
        if (csv.quoteFields() == QuoteFields.UNKNOWN_TO_SDK_VERSION) {
            throw SelectErrors.of(
                    "InvalidQuoteFields", "The QuoteFields is not valid. Only ALWAYS and ASNEEDED are supported.");
        }
        return new RecordWriter.Csv(
                delimiter(csv.fieldDelimiter(), ",", "FieldDelimiter"),
                delimiter(csv.recordDelimiter(), "\n", "RecordDelimiter"),
                String.valueOf(one(csv.quoteCharacter(), '"', "QuoteCharacter")),
                String.valueOf(one(csv.quoteEscapeCharacter(), '"', "QuoteEscapeCharacter")),
                csv.quoteFields() == QuoteFields.ALWAYS);
    }

    private static Optional<ScanRange> range(
            ScanRange range, Kind kind, Compression compression, boolean quotedDelimiters) {
        if (range == null || (range.start() == null && range.end() == null)) {
            return Optional.empty();
        }
        if (kind == Kind.PARQUET) {
            throw AwsError.notImplemented("s3", "SelectObjectContent of a part of a Parquet file");
        }
        if (kind == Kind.JSON_DOCUMENT || compression != Compression.NONE || quotedDelimiters) {
            throw SelectErrors.of(
                    "UnsupportedScanRangeInput",
                    "Scan range queries are not supported on this type of object, or with these settings.");
        }
        long start = range.start() == null ? 0 : range.start();
        long end = range.end() == null ? Long.MAX_VALUE : range.end();
        if (start < 0 || end < start) {
            throw SelectErrors.of(
                    "InvalidScanRange", "The provided scan range is not valid: its start lies behind its end.");
        }
        return Optional.of(range);
    }

    private static char one(String given, char otherwise, String name) {
        if (given == null || given.isEmpty()) {
            return otherwise;
        }
        if (given.length() != 1) {
            throw parameter(name + " must be one character.");
        }
        return given.charAt(0);
    }

    private static String delimiter(String given, String otherwise, String name) {
        if (given == null || given.isEmpty()) {
            return otherwise;
        }
        if (given.getBytes(StandardCharsets.UTF_8).length > 16) {
            throw parameter(name + " is too long.");
        }
        return given;
    }

    private static AwsError conflict(String name) {
        return SelectErrors.of(
                "ObjectSerializationConflict",
                name + " specifies more than one format, or none. Exactly one can be specified.");
    }

    private static AwsError parameter(String message) {
        return SelectErrors.of(
                "InvalidRequestParameter",
                "The value of a parameter in the SelectRequest element is not valid. " + message);
    }
}
