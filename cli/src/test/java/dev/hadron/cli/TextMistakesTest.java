package dev.hadron.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Texts and tokenizers that can't be used: every way to use them must say so, before anything is written. */
class TextMistakesTest {
    @TempDir
    private Path folder;

    private Workspace workspace;

    @BeforeEach
    void makeModel() throws IOException {
        workspace = Workspace.in(folder);
    }

    @Test
    void aMissingTextIsRefused() {
        assertThat(refusedTexts(folder.resolve("no.txt")))
                .allSatisfy(refusal -> assertThat(refusal).contains("no.txt doesn't exist", "name a UTF-8 text file"));
        assertThat(refusedTexts(folder))
                .allSatisfy(refusal -> assertThat(refusal).contains(folder + " isn't a file"));
    }

    @Test
    void anEmptyTextIsRefused() throws IOException {
        assertThat(refusedTexts(workspace.file("empty.txt", "")))
                .allSatisfy(refusal ->
                        assertThat(refusal).contains("empty.txt is empty", "give one that fills at least one window"));
        assertThat(refusedTexts(workspace.file("blank.txt", " \n\n\t ")))
                .allSatisfy(refusal -> assertThat(refusal).contains("blank.txt is empty"));
    }

    @Test
    void aTextThatIsntUtf8IsRefused() throws IOException {
        Path text = Files.write(folder.resolve("latin.txt"), new byte[] {'c', 'a', 'f', (byte) 0xe9, ' ', 'b'});

        assertThat(refusedTexts(text))
                .allSatisfy(refusal ->
                        assertThat(refusal).contains("latin.txt isn't UTF-8 at byte 3, in line 1; convert it first"));
    }

    @Test
    void aTextShorterThanAWindowIsRefusedWithBothLengths() throws IOException {
        Path text = workspace.file("short.txt", "just one line");

        assertThat(refusedTexts(text))
                .allSatisfy(refusal -> assertThat(refusal)
                        .containsPattern("short.txt has \\d+ tokens, fewer than one window of 256")
                        .contains("give a longer text or a shorter window"));
        assertThat(workspace.evaluateRefused("--text", Workspace.text("evaluation"), "--tokens", 100))
                .contains("the used part of the evaluation text", "100 tokens", "window of 256");
    }

    @Test
    void aModelWithoutTokenizerCantReadText() throws IOException {
        Files.delete(tokenizer());

        assertThat(refusedTexts(Workspace.text("calibration")))
                .allSatisfy(refusal -> assertThat(refusal)
                        .contains(
                                workspace.model() + " has no tokenizer.json", "save the model's fast tokenizer there"));
        assertThat(workspace.quantized("weights", "-s", "int8")).isDirectory();
    }

    @Test
    void aDamagedTokenizerIsRefusedByName() throws IOException {
        String whole = Files.readString(tokenizer());
        for (String damaged : List.of("", "{\"a\": 1}", whole.substring(0, 1000))) {
            Files.writeString(tokenizer(), damaged);

            assertThat(refusedTexts(Workspace.text("calibration")))
                    .allSatisfy(refusal -> assertThat(refusal)
                            .contains(
                                    "tokenizer.json can't be read as a tokenizer",
                                    "save the model's fast tokenizer again"));
        }
    }

    @Test
    void tokensBeyondTheVocabularyAreRefused() throws IOException {
        Path config = workspace.model().resolve("config.json");
        Files.writeString(config, Files.readString(config).replace("\"vocab_size\": 2048", "\"vocab_size\": 300"));

        assertThat(refusedTexts(Workspace.text("calibration")))
                .allSatisfy(refusal -> assertThat(refusal)
                        .containsPattern("gives token \\d+, but the model's vocab_size is 300")
                        .contains("tokenizer.json doesn't belong to this model"));
    }

    /** The refusals of calibration, evaluation before and after, and evaluation alone; each names which text it means. */
    private List<String> refusedTexts(Path text) {
        String calibration =
                workspace.quantizeRefused("-s", "fp8", "--calibration", text, "--samples", 1, "--length", 256);
        String beforeAndAfter = workspace.quantizeRefused("-s", "int8", "--evaluation", text, "--tokens", 512);
        String alone = workspace.evaluateRefused("--text", text, "--tokens", 512);
        assertThat(calibration).doesNotContain("evaluation text");
        assertThat(beforeAndAfter).doesNotContain("calibration text");
        return List.of(calibration, beforeAndAfter, alone);
    }

    private Path tokenizer() {
        return workspace.model().resolve("tokenizer.json");
    }
}
