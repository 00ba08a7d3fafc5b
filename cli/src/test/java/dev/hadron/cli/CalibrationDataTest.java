package dev.hadron.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What can be handed to {@code --calibration}, and how what can't be is refused. */
class CalibrationDataTest {
    private static final String CHAT = "{\"messages\": [{\"role\": \"user\", \"content\": \"Tell me of the sea.\"}]}";
    private static final String TEMPLATE =
            "{{ bos_token }}{% for m in messages %}[{{ m.role }}] {{ m.content }}\n{% endfor %}";

    @TempDir
    private Path folder;

    private Workspace workspace;

    @BeforeEach
    void makeModel() throws IOException {
        workspace = Workspace.in(folder);
    }

    @Test
    void samplesOfJsonLinesKeepTheirLengthsAndTheNotesSayWhatIsMissing() throws IOException {
        Files.writeString(workspace.model().resolve("chat_template.jinja"), TEMPLATE);
        Path lines = workspace.file(
                "mixed.jsonl",
                CHAT + "\n{\"text\": \"Long ago\"}\n{\"text\": \"\"}\n{\"input_ids\": " + ids(40, 0) + "}\n");

        Run run = quantize("out", lines, "--samples", 8, "--length", 32);

        JsonNode recipe = recipe("out");
        assertThat(run.err().lines().filter(line -> line.startsWith("note: ")))
                .hasSize(3)
                .contains("note: calibration uses 3 samples of mixed.jsonl, not the 8 asked for: it holds no more")
                .contains("note: 1 samples of mixed.jsonl hold no token and were passed over")
                .anyMatch(note ->
                        note.contains("2 of the 3 calibration samples are shorter than the 32 tokens asked for"));
        assertThat(run.err().indexOf("note: ")).isLessThan(run.err().indexOf("calibrate: "));
        assertThat(recipe.get("source").stringValue()).isEqualTo("mixed.jsonl");
        assertThat(recipe.get("kind").stringValue()).isEqualTo("json_lines");
        assertThat(recipe.get("windows").intValue()).isEqualTo(3);
        assertThat(recipe.get("sha256").stringValue()).hasSize(64);
        assertThat(recipe.get("shuffled").booleanValue()).isFalse();
    }

    @Test
    void paddingChangesNothing() throws IOException {
        Path plain = workspace.file(
                "plain.jsonl", "{\"input_ids\": " + ids(20, 0) + "}\n{\"input_ids\": " + ids(30, 5) + "}\n");
        Path padded = workspace.file("padded.jsonl", padded(20, 0, 4, 8) + padded(30, 5, 2, 0));

        quantize("plain", plain, "--samples", 2, "--length", 64);
        quantize("padded", padded, "--samples", 2, "--length", 64);

        assertThat(Folders.contents(workspace.outputs().resolve("padded")).get("model.safetensors"))
                .isEqualTo(
                        Folders.contents(workspace.outputs().resolve("plain")).get("model.safetensors"));
    }

    @Test
    void aDrawIsRepeatedByItsSeed() throws IOException {
        Path lines = workspace.file(
                "ids.ndjson",
                IntStream.range(0, 40)
                        .mapToObj(i -> "{\"input_ids\": " + ids(12, 50 * i) + "}\n")
                        .collect(Collectors.joining()));
        Object[] one = {"--samples", 1, "--length", 12, "--shuffle", "--seed", 3};

        quantize("three", lines, one);
        quantize("again", lines, one);
        quantize("four", lines, "--samples", 1, "--length", 12, "--shuffle", "--seed", 4);

        assertThat(recipe("three").get("generator").stringValue()).isEqualTo("L64X128MixRandom");
        assertThat(Folders.contents(workspace.outputs().resolve("again")))
                .isEqualTo(Folders.contents(workspace.outputs().resolve("three")));
        assertThat(Folders.contents(workspace.outputs().resolve("four")).get("model.safetensors"))
                .isNotEqualTo(
                        Folders.contents(workspace.outputs().resolve("three")).get("model.safetensors"));
    }

    @Test
    void idsNeedNoTokenizer() throws IOException {
        Files.delete(workspace.model().resolve("tokenizer.json"));
        Path lines = workspace.file("ids.jsonl", "{\"input_ids\": " + ids(12, 0) + "}\n");

        assertThat(quantize("out", lines, "--samples", 1, "--length", 12).err()).doesNotContain("note: ");
        assertThat(refused(workspace.file("text.jsonl", "{\"text\": \"a\"}\n"))).contains("has no tokenizer.json");
    }

    @Test
    void aLineThatCantBeMeantIsRefusedByFileAndLine() throws IOException {
        assertThat(refused(workspace.file("a.jsonl", "{\"input_ids\": [1]}\n{\"prompt\": \"x\"}\n")))
                .isEqualTo(
                        "the calibration JSON lines " + folder.resolve("a.jsonl")
                                + ", line 2, has neither \"text\", \"messages\" nor \"input_ids\", but \"prompt\"; give one of the three");
        assertThat(refused(workspace.file("a.jsonl", "{\"text\": \"x\"\n")))
                .startsWith("the calibration JSON lines " + folder.resolve("a.jsonl") + ", line 1, column ")
                .contains("isn't valid JSON");
        assertThat(refused(workspace.file("a.jsonl", "{\"input_ids\": [1, 4000]}\n")))
                .endsWith(
                        "a.jsonl, line 1: input_ids[1] is 4000, but the model's vocab_size is 2048; tokenize with the model's"
                                + " own tokenizer");
        assertThat(refused(workspace.file("a.jsonl", ""))).contains("a.jsonl is empty");
        assertThat(refused(folder.resolve("no.jsonl")))
                .endsWith("no.jsonl doesn't exist; name a file with a JSON object in each line");
        Files.write(folder.resolve("a.jsonl"), "{\"text\": \"caf\u00e9\"}".getBytes(StandardCharsets.ISO_8859_1));
        assertThat(refused(folder.resolve("a.jsonl"))).contains("isn't UTF-8 at byte 13, in line 1");
    }

    @Test
    void aTemplateThatIsMissingOrFailsIsRefusedByItsPlace() throws IOException {
        Path chat = workspace.file("chat.jsonl", CHAT + "\n");
        Path template = workspace.model().resolve("chat_template.jinja");

        assertThat(refused(chat)).startsWith(workspace.model() + " has no chat template");
        Files.writeString(template, "one\n{{ raise_exception('no users') }}");
        assertThat(refused(chat))
                .endsWith("chat.jsonl, line 1: the chat template (" + template
                        + ", line 2) can't render these messages: the template refuses the conversation: no users");
        Files.writeString(template, "{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}");
        assertThat(refused(chat)).contains("it doesn't end within");
        Files.writeString(template, "{{ messages | shell }}");
        assertThat(refused(chat))
                .startsWith(template + ", line 1, isn't a chat template that is understood here: the filter 'shell'");
    }

    @Test
    void aSafetensorsFileWithoutIdsIsRefused() {
        assertThat(refused(workspace.model().resolve("model.safetensors")))
                .contains(
                        "the calibration token ids",
                        "has no tensor \"input_ids\" of [samples, length], but \"lm_head.weight\"");
    }

    private String refused(Path calibration) {
        return workspace.quantizeRefused("-s", "fp8", "--calibration", calibration, "--samples", 2, "--length", 16);
    }

    private Run quantize(String name, Path calibration, Object... more) {
        Object[] start = {
            "quantize",
            workspace.model(),
            "--output",
            workspace.outputs().resolve(name),
            "-s",
            "fp8",
            "--calibration",
            calibration
        };
        return Run.succeeded(
                Stream.concat(Arrays.stream(start), Arrays.stream(more)).toArray());
    }

    private JsonNode recipe(String name) {
        return new JsonMapper()
                .readTree(workspace.outputs().resolve(name).resolve("hadron.json"))
                .get("calibration");
    }

    private static List<Integer> ids(int count, int from) {
        return IntStream.range(0, count).mapToObj(i -> (7 * i + from) % 2000).toList();
    }

    private static String padded(int count, int from, int left, int right) {
        String ids = ("3, ".repeat(left) + ids(count, from) + ", 3".repeat(right)).replaceAll("[\\[\\]]", "");
        String mask = "0, ".repeat(left) + String.join(", ", Collections.nCopies(count, "1")) + ", 0".repeat(right);
        return "{\"input_ids\": [" + ids + "], \"attention_mask\": [" + mask + "]}\n";
    }
}
