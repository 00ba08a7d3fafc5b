package dev.hadron.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hadron.error.InvalidInputException;
import dev.hadron.execution.Cancellation;
import dev.hadron.model.samples.SampleRequest;
import dev.hadron.model.tokenizer.ModelText;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class CalibrationSourceTest {
    private static final Path MODEL = Shared.repository().resolve("examples/quill-4m");
    private static final int VOCABULARY = 2048;

    @Test
    void tokensOfTheCallerAreCutAndHashed() throws IOException {
        CalibrationData data = read(
                CalibrationSource.ofTokens("mine", List.of(new long[] {1, 2, 3, 4, 5}, new long[0], new long[] {6})),
                request(3, 4));

        assertThat(data.windows()).containsExactly(new long[] {1, 2, 3, 4}, new long[] {6});
        assertThat(data.kind()).isEqualTo("tokens");
        assertThat(data.source()).isEqualTo("mine");
        assertThat(data.sha256())
                .hasSize(64)
                .isEqualTo(read(
                                CalibrationSource.ofTokens("yours", Stream.of(new long[] {1, 2, 3, 4}, new long[] {6})),
                                request(2, 4))
                        .sha256());
        assertThat(data.notes())
                .containsExactly(
                        "calibration uses 2 samples of mine, not the 3 asked for: it holds no more",
                        "1 of the 2 calibration samples are shorter than the 4 tokens asked for; the shortest has 1",
                        "1 samples of mine hold no token and were passed over");
    }

    @Test
    void endlessStreamsAreReadAsFarAsTheyAreUsed() throws IOException {
        assertThat(read(
                                CalibrationSource.ofTexts(
                                        "texts", Stream.iterate("Once upon a time", text -> text + " more")),
                                request(20, 8))
                        .windows())
                .hasSize(20);
        assertThat(read(
                                CalibrationSource.ofTokens(
                                        "ids",
                                        Stream.generate(
                                                () -> LongStream.range(0, 9).toArray())),
                                request(20, 8))
                        .windows())
                .hasSize(20);
    }

    @Test
    void aDrawGoesThroughAllOfThem() throws IOException {
        List<String> texts =
                IntStream.range(0, 300).mapToObj(i -> "Sample number " + i).toList();
        SampleRequest drawn = new SampleRequest(5, 16, OptionalLong.of(9), VOCABULARY, new Cancellation());

        List<long[]> windows =
                read(CalibrationSource.ofTexts("texts", texts), drawn).windows();

        assertThat(windows).hasSize(5);
        assertThat(read(CalibrationSource.ofTexts("texts", texts.stream()), drawn)
                        .windows())
                .usingElementComparator(Arrays::compare)
                .isEqualTo(windows);
        assertThat(read(CalibrationSource.ofTexts("texts", texts), request(5, 16))
                        .windows())
                .usingElementComparator(Arrays::compare)
                .isNotEqualTo(windows);
    }

    @Test
    void whatCantBeUsedIsRefusedByNameAndSample() {
        assertThatThrownBy(() -> read(
                        CalibrationSource.ofTokens("mine", List.of(new long[1], new long[] {4, VOCABULARY})),
                        request(2, 4)))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage(
                        "mine, sample 1: token 1 is 2048, but the model's vocab_size is 2048; tokenize with the model's own"
                                + " tokenizer");
        assertThatThrownBy(() -> read(CalibrationSource.ofTokens("mine", List.of()), request(2, 4)))
                .hasMessage("mine gives no token in 0 samples; calibration needs at least one");
        assertThatThrownBy(() -> read(CalibrationSource.ofTexts("mine", List.of("", "")), request(2, 4)))
                .hasMessage("mine gives no token in 2 samples; calibration needs at least one");
    }

    private static SampleRequest request(int samples, int length) {
        return new SampleRequest(samples, length, OptionalLong.empty(), VOCABULARY, new Cancellation());
    }

    private static CalibrationData read(CalibrationSource source, SampleRequest request) throws IOException {
        try (ModelText text = new ModelText(MODEL)) {
            return CalibrationData.read(source, text, request);
        }
    }
}
