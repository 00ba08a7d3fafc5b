package dev.hadron.model.samples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hadron.model.tokenizer.ModelText;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JsonLinesTest {
    @TempDir
    private Path folder;

    @Test
    void eachLineIsASampleOfItsOwnLengthAndKindsMayMix() throws IOException {
        Path file = write("""
                {"text": "Once upon a time", "id": 7}

                {"input_ids": [5, 6, 7, 8, 9, 10], "other": {"text": 1}}
                {"input_ids": [0, 5, 6, 0], "attention_mask": [0, 1, 1, 0]}\r
                   {"input_ids": [-100, 9], "attention_mask": [0, 1]}""");

        Samples samples = Reading.read(file, Reading.first(9, 4));

        assertThat(Reading.tokens(samples).subList(1, 4))
                .containsExactly(List.of(5L, 6L, 7L, 8L), List.of(5L, 6L), List.of(9L));
        try (ModelText text = new ModelText(Reading.model())) {
            assertThat(samples.windows().getFirst()).isEqualTo(text.beginning("Once upon a time", 4));
        }
        assertThat(samples.empty()).isZero();
    }

    @Test
    void paddingAtEitherSideGivesTheTokensThatWereThereWithout() throws IOException {
        List<List<Long>> plain = Reading.tokens(Reading.read(write("{\"input_ids\": [5, 6, 7]}"), Reading.first(9, 9)));

        for (String padded : List.of(
                "{\"input_ids\": [5, 6, 7, 1, 1], \"attention_mask\": [1, 1, 1, 0, 0]}",
                "{\"input_ids\": [1, 1, 5, 6, 7], \"attention_mask\": [0, 0, 1, 1, 1]}",
                "{\"input_ids\": [99999, 5, 6, 7, -1], \"attention_mask\": [0, 1, 1, 1, 0]}")) {
            assertThat(Reading.tokens(Reading.read(write(padded), Reading.first(9, 9))))
                    .isEqualTo(plain);
        }
    }

    @Test
    void samplesWithoutTokensArePassedOverAndCounted() throws IOException {
        Path file = write("""
                {"text": ""}
                {"input_ids": []}
                {"input_ids": [1, 2], "attention_mask": [0, 0]}
                {"input_ids": [3]}
                """);

        Samples samples = Reading.read(file, Reading.first(1, 4));

        assertThat(Reading.tokens(samples)).containsExactly(List.of(3L));
        assertThat(samples.empty()).isEqualTo(3);
        assertThat(Reading.refusal(write("{\"text\": \"\"}"), Reading.model()))
                .contains("has no token in its 1 samples");
    }

    @Test
    void noMoreLinesAreReadThanAreUsed() throws IOException {
        Path file = write("{\"input_ids\": [1]}\n{\"input_ids\": [2]}\nnot JSON\n");

        assertThat(Reading.tokens(Reading.read(file, Reading.first(2, 4)))).containsExactly(List.of(1L), List.of(2L));
    }

    @Test
    void aDrawTakesLinesFromTheWholeFileAndTheSeedRepeatsIt() throws IOException {
        Path file = write(IntStream.range(0, 500)
                .mapToObj(i -> "{\"input_ids\": [" + i + "]}" + "\n".repeat(1 + i % 2))
                .collect(Collectors.joining()));

        List<List<Long>> seven = Reading.tokens(Reading.read(file, Reading.drawn(20, 4, 7)));

        assertThat(seven).hasSize(20).doesNotHaveDuplicates();
        assertThat(seven).isSortedAccordingTo((a, b) -> Long.compare(a.getFirst(), b.getFirst()));
        assertThat(seven.getLast().getFirst()).isGreaterThan(250);
        assertThat(Reading.tokens(Reading.read(file, Reading.drawn(20, 4, 7)))).isEqualTo(seven);
        assertThat(Reading.tokens(Reading.read(file, Reading.drawn(20, 4, 8)))).isNotEqualTo(seven);
        assertThat(Reading.tokens(Reading.read(file, Reading.drawn(900, 4, 8)))).hasSize(500);
    }

    @Test
    void linesMayBeLongerThanABufferAndTheFileNeedntEndWithABreak() throws IOException {
        String ids = IntStream.range(0, 40_000)
                .mapToObj(i -> String.valueOf(i % 2000))
                .collect(Collectors.joining(", "));
        Path file = write("{\"input_ids\": [" + ids + "]}\n{\"input_ids\": [7, " + ids + "]}");

        Samples samples = Reading.read(file, Reading.drawn(2, 40_000, 1));

        assertThat(samples.windows()).hasSize(2).allMatch(window -> window.length == 40_000);
        assertThat(samples.windows().get(1)[0]).isEqualTo(7);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '@',
            quoteCharacter = '`',
            value = {
                "{\"prompt\": 1, \"answer\": 2} @ , line 2, has neither \"text\", \"messages\" nor \"input_ids\", but \"prompt\", \"answer\"; give one of the three",
                "{} @ , line 2, has neither \"text\", \"messages\" nor \"input_ids\", but nothing",
                "{\"text\": \"a\", \"input_ids\": [1]} @ , line 2, has both \"text\" and \"input_ids\"",
                "[1] @ , line 2, must hold a JSON object, but holds an array",
                "{\"text\": \"a\" @ , line 2, column 13, isn't valid JSON: ",
                "{\"text\": 'a'} @ , line 2, column 10, isn't valid JSON: ",
                "{\"text\": \"a\"} {} @ , line 2, column 15, isn't valid JSON: ",
                "{\"text\": \"a\", \"text\": \"b\"} @ , line 2, column 21, isn't valid JSON: Duplicate",
                "{\"text\": 5} @ , line 2: \"text\" must be a string, but is a number",
                "{\"text\": null} @ , line 2: \"text\" must be a string, but is null",
                "{\"input_ids\": 5} @ , line 2: \"input_ids\" must be a list, but is a number",
                "{\"input_ids\": [1, 2048]} @ , line 2: input_ids[1] is 2048, but the model's vocab_size is 2048",
                "{\"input_ids\": [1, -100]} @ , line 2: input_ids[1] is -100, but token ids aren't negative",
                "{\"input_ids\": [1, 1.5]} @ , line 2: input_ids[1] must be an integer, but is 1.5",
                "{\"input_ids\": [1, [2]]} @ , line 2: input_ids[1] must be an integer, but is an array",
                "{\"input_ids\": [1, 99999999999999999999]} @ , line 2: input_ids[1] must be an integer, but is 99999999999999999999",
                "{\"input_ids\": [1, 2], \"attention_mask\": [1]} @ , line 2: attention_mask has 1 numbers, but input_ids has 2",
                "{\"input_ids\": [1, 2, 3, 4], \"attention_mask\": [1, 0, 0, 1]} @ , line 2: attention_mask has a hole: it is 0 at index 1 and 1 again at index 3",
                "{\"input_ids\": [1, 2], \"attention_mask\": [1, 2]} @ , line 2: attention_mask[1] is 2, but 0 or 1 is expected",
                "{\"messages\": {}} @ , line 2: \"messages\" must be a list, but is an object",
                "{\"messages\": []} @ , line 2: \"messages\" is empty",
                "{\"messages\": [\"hi\"]} @ , line 2: messages[0] must be an object with role and content, but is a string",
                "{\"messages\": [{\"role\": \"user\", \"content\": \"hi\"}]} @ has no chat template, neither chat_template.jinja nor chat_template in tokenizer_config.json"
            })
    void aLineThatCantBeMeantIsRefusedByFileAndLine(String line, String sentence) throws IOException {
        Path file = write("{\"input_ids\": [1]}\n" + line + "\n");

        assertThat(Reading.refusal(file, Reading.model())).contains(sentence);
        assertThat(Reading.refusal(file, Reading.model()))
                .containsAnyOf(file.toString(), Reading.model().toString());
    }

    @Test
    void whatIsntUtf8IsRefusedByByteAndLine() throws IOException {
        Path file = folder.resolve("latin.jsonl");
        Files.write(file, "{\"text\": \"a\"}\n{\"text\": \"caf\u00e9\"}".getBytes(StandardCharsets.ISO_8859_1));

        assertThat(Reading.refusal(file, Reading.model()))
                .isEqualTo(
                        "the calibration JSON lines " + file + " isn't UTF-8 at byte 27, in line 2; convert it first");
    }

    @Test
    void aByteOrderMarkIsNoMistake() throws IOException {
        assertThat(Reading.tokens(Reading.read(write("\uFEFF{\"input_ids\": [1]}"), Reading.first(2, 4))))
                .containsExactly(List.of(1L));
    }

    @Test
    void aFileOfNothingIsRefused() throws IOException {
        assertThat(Reading.refusal(write(""), Reading.model())).contains("is empty");
        assertThat(Reading.refusal(write("\n \r\n\n"), Reading.model())).contains("is empty");
    }

    @Test
    void idsNeedNoTokenizer() throws IOException {
        assertThat(Reading.tokens(Reading.read(write("{\"input_ids\": [1]}"), folder, Reading.first(2, 4))))
                .containsExactly(List.of(1L));
    }

    @Test
    void kindsAreToldByName() {
        Set<SampleFile.Kind> kinds = new HashSet<>();
        for (String name : List.of("a.txt", "a.text", "a", "a.jsonl.txt", "a.json")) {
            kinds.add(SampleFile.Kind.of(Path.of(name)));
        }

        assertThat(kinds).containsExactly(SampleFile.Kind.TEXT);
        assertThat(SampleFile.Kind.of(Path.of("a.JSONL"))).isEqualTo(SampleFile.Kind.JSON_LINES);
        assertThat(SampleFile.Kind.of(Path.of("a.ndjson"))).isEqualTo(SampleFile.Kind.JSON_LINES);
        assertThat(SampleFile.Kind.of(Path.of("a.safetensors"))).isEqualTo(SampleFile.Kind.TOKEN_IDS);
    }

    private Path write(String content) throws IOException {
        return Files.writeString(folder.resolve("lines.jsonl"), content);
    }
}
