package dev.hadron.pipeline;

import dev.hadron.checkpoint.Sha256;
import dev.hadron.execution.Cancellation;
import dev.hadron.model.samples.SampleFile;
import dev.hadron.model.samples.SampleRequest;
import dev.hadron.model.samples.SampleStream;
import dev.hadron.model.samples.Samples;
import dev.hadron.model.tokenizer.ModelText;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.LongSummaryStatistics;
import java.util.OptionalLong;

/**
 * Windows of tokens to calibrate with, and where they came from.
 *
 * @param windows token ids without padding, each window of its own length
 * @param source the file's name, or what the caller calls it
 * @param kind {@code text}, {@code json_lines}, {@code token_ids}, {@code texts} or {@code tokens}
 * @param sha256 of the file; of what isn't one, of each window's number of tokens and tokens, 8 bytes each, little-endian
 * @param samples how many windows were asked for
 * @param length the most tokens of a window
 * @param seed of the draw; empty where the first samples are taken
 * @param notes what the user should know, a sentence each
 */
public record CalibrationData(
        List<long[]> windows,
        String source,
        String kind,
        String sha256,
        int samples,
        int length,
        OptionalLong seed,
        List<String> notes) {
    /** Copies the lists. */
    public CalibrationData {
        windows = List.copyOf(windows);
        notes = List.copyOf(notes);
    }

    /**
     * Reads samples.
     *
     * @param text for what isn't tokenized yet
     * @throws dev.hadron.error.InvalidInputException when the source can't be read, isn't what it should be or holds nothing
     */
    public static CalibrationData read(CalibrationSource source, ModelText text, SampleRequest request)
            throws IOException {
        return switch (source) {
            case CalibrationSource.File(SampleFile file) -> {
                Samples samples = file.read(text, request);
                String hash =
                        Sha256.of(file.path(), unused -> request.cancellation().check());
                yield of(samples, source, file.kind().wireName(), hash, request);
            }
            case CalibrationSource.Texts texts -> {
                Samples samples = SampleStream.ofTexts(texts.name(), texts.texts(), text, request);
                yield of(samples, source, "texts", hash(samples), request);
            }
            case CalibrationSource.Tokens tokens -> {
                Samples samples = SampleStream.ofTokens(tokens.name(), tokens.windows(), request);
                yield of(samples, source, "tokens", hash(samples), request);
            }
        };
    }

    /** As a job asks for it. */
    static CalibrationData read(Calibration asked, ModelText text, long seed, int vocabulary, Cancellation cancellation)
            throws IOException {
        OptionalLong drawn = asked.shuffle() ? OptionalLong.of(seed) : OptionalLong.empty();
        return read(
                asked.source(),
                text,
                new SampleRequest(asked.samples(), asked.length(), drawn, vocabulary, cancellation));
    }

    private static CalibrationData of(
            Samples samples, CalibrationSource source, String kind, String sha256, SampleRequest request) {
        return new CalibrationData(
                samples.windows(),
                source.name(),
                kind,
                sha256,
                request.samples(),
                request.length(),
                request.seed(),
                notes(samples, source.name(), request));
    }

    private static List<String> notes(Samples samples, String source, SampleRequest request) {
        List<String> notes = new ArrayList<>();
        if (samples.windows().size() < request.samples()) {
            notes.add("calibration uses " + samples.windows().size() + " samples of " + source + ", not the "
                    + request.samples() + " asked for: it holds no more");
        }
        LongSummaryStatistics lengths = samples.windows().stream()
                .mapToLong(window -> window.length)
                .filter(length -> length < request.length())
                .summaryStatistics();
        if (lengths.getCount() > 0) {
            notes.add(lengths.getCount() + " of the " + samples.windows().size()
                    + " calibration samples are shorter than the " + request.length()
                    + " tokens asked for; the shortest has " + lengths.getMin());
        }
        if (samples.empty() > 0) {
            notes.add(samples.empty() + " samples of " + source + " hold no token and were passed over");
        }
        return notes;
    }

    private static String hash(Samples samples) {
        long numbers = samples.windows().stream()
                .mapToLong(window -> 1L + window.length)
                .sum();
        ByteBuffer bytes =
                ByteBuffer.allocate(Math.toIntExact(numbers * Long.BYTES)).order(ByteOrder.LITTLE_ENDIAN);
        for (long[] window : samples.windows()) {
            bytes.putLong(window.length);
            for (long token : window) {
                bytes.putLong(token);
            }
        }
        return Sha256.of(bytes.array());
    }
}
