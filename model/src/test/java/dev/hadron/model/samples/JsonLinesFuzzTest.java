package dev.hadron.model.samples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hadron.error.HadronException;
import dev.hadron.model.tokenizer.ModelText;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Random lines come out as they went in; damaged ones are read or refused, and nothing else happens. */
class JsonLinesFuzzTest {
    private static final int ROUNDS = 1500;
    private static final JsonMapper MAPPER = new JsonMapper();

    @TempDir
    private Path folder;

    private final Random random = new Random(5);

    @Test
    void whatIsPaddedAndWrittenIsReadWithoutItsPadding() throws IOException {
        int samples = 0;
        for (int round = 0; round < ROUNDS / 10; round++) {
            List<List<Long>> expected = new ArrayList<>();
            Path file = Files.write(folder.resolve("lines.jsonl"), lines(expected));
            expected.removeIf(List::isEmpty);
            if (expected.isEmpty()) {
                continue;
            }

            assertThat(Reading.tokens(Reading.read(file, folder, Reading.first(99, 99))))
                    .isEqualTo(expected);
            assertThat(Reading.tokens(Reading.read(file, folder, Reading.drawn(99, 99, round))))
                    .isEqualTo(expected);
            samples += expected.size();
        }

        assertThat(samples).isGreaterThan(ROUNDS / 10);
    }

    @Test
    void damagedFilesAreReadOrRefused() throws IOException {
        int read = 0;
        try (ModelText text = new ModelText(Reading.model())) {
            for (int round = 0; round < ROUNDS; round++) {
                byte[] bytes = lines(new ArrayList<>());
                for (int i = 0; i <= random.nextInt(3); i++) {
                    bytes = damaged(bytes);
                }
                Path file = Files.write(folder.resolve("lines.jsonl"), bytes);
                try {
                    Samples samples = SampleFile.of(file)
                            .read(text, round % 2 == 0 ? Reading.first(9, 9) : Reading.drawn(9, 9, round));
                    assertThat(samples.windows())
                            .isNotEmpty()
                            .allSatisfy(window -> assertThat(window)
                                    .hasSizeBetween(1, 9)
                                    .satisfies(tokens -> assertThat(Arrays.stream(tokens))
                                            .allMatch(token -> token >= 0 && token < Reading.VOCABULARY)));
                    read++;
                } catch (HadronException e) {
                    assertThat(e.getMessage()).contains("lines.jsonl");
                }
            }
        }

        assertThat(read).isBetween(ROUNDS / 20, ROUNDS * 19 / 20);
    }

    private byte[] lines(List<List<Long>> expected) {
        StringBuilder lines = new StringBuilder();
        for (int line = 0; line <= random.nextInt(4); line++) {
            int left = random.nextInt(3);
            int tokens = random.nextInt(6);
            int right = random.nextInt(3);
            ObjectNode node = MAPPER.createObjectNode();
            var ids = node.putArray("input_ids");
            var mask = node.putArray("attention_mask");
            List<Long> sample = new ArrayList<>();
            for (int i = 0; i < left + tokens + right; i++) {
                boolean token = i >= left && i < left + tokens;
                long id = token ? random.nextInt(Reading.VOCABULARY) : random.nextInt();
                ids.add(id);
                mask.add(token ? 1 : 0);
                if (token) {
                    sample.add(id);
                }
            }
            if (left + right == 0 && random.nextBoolean()) {
                node.remove("attention_mask");
            }
            expected.add(sample);
            lines.append(MAPPER.writeValueAsString(node)).append(random.nextInt(5) == 0 ? "\r\n\n" : "\n");
        }
        return lines.toString().getBytes(StandardCharsets.UTF_8);
    }

    private byte[] damaged(byte[] bytes) {
        int at = random.nextInt(bytes.length + 1);
        int end = Math.min(bytes.length, at + random.nextInt(4));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(bytes, 0, at);
        switch (random.nextInt(4)) {
            case 0 -> out.write(random.nextInt(256));
            case 1 ->
                out.writeBytes("{}[],:\"-9text\n".substring(random.nextInt(13)).getBytes(StandardCharsets.UTF_8));
            case 2 -> out.write(bytes, at, end - at);
            default -> {}
        }
        out.write(bytes, end, bytes.length - end);
        byte[] damaged = out.toByteArray();
        return damaged.length == 0 ? new byte[] {'{'} : damaged;
    }
}
