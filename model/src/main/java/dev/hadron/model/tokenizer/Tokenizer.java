package dev.hadron.model.tokenizer;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import dev.hadron.checkpoint.text.StrictJson;
import dev.hadron.error.CheckpointFormatException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** The tokenizer of a checkpoint folder. */
public final class Tokenizer implements AutoCloseable {
    /** How DJL says that the fault isn't the file's. */
    private static final String NO_LIBRARY = "Failed to load Huggingface native library";

    private final HuggingFaceTokenizer tokenizer;

    private Tokenizer(HuggingFaceTokenizer tokenizer) {
        this.tokenizer = tokenizer;
    }

    /**
     * Reads {@code tokenizer.json} of a checkpoint folder.
     *
     * @throws CheckpointFormatException when there is none or it can't be read
     */
    public static Tokenizer open(Path folder) throws IOException {
        Path file = file(folder);
        try {
            // By default the library cuts text at the model's length and adds special tokens.
            return new Tokenizer(HuggingFaceTokenizer.newInstance(
                    file, Map.of("truncation", "false", "padding", "false", "addSpecialTokens", "false")));
        } catch (RuntimeException e) {
            if (String.valueOf(e.getMessage()).startsWith(NO_LIBRARY)) {
                throw new LinkageError("the native library of the tokenizer can't be unpacked or doesn't fit", e);
            }
            throw new CheckpointFormatException(
                    file + " can't be read as a tokenizer, so save the model's fast tokenizer again: " + e.getMessage(),
                    e);
        }
    }

    /**
     * Checks that two folders turn text into the same tokens: that their {@code tokenizer.json} hold the same, however it is written.
     *
     * @throws CheckpointFormatException when they don't, or when one has none or can't be read
     */
    public static void requireSame(Path first, Path second) throws IOException {
        Path one = file(first);
        Path other = file(second);
        if (Files.mismatch(one, other) < 0) {
            return;
        }
        if (!content(one).equals(content(other))) {
            throw new CheckpointFormatException(
                    one + " and " + other + " aren't the same tokenizer, so the outputs of the two models"
                            + " don't stand for the same tokens; name two forms of one model, or copy the tokenizer.json that both were made with");
        }
    }

    private static JsonNode content(Path file) throws IOException {
        // Other programs leave in the file how they last cut and padded text, which is never done here.
        return StrictJson.readObject(file).remove(List.of("truncation", "padding"));
    }

    private static Path file(Path folder) {
        Path file = folder.resolve("tokenizer.json");
        if (!Files.isRegularFile(file)) {
            throw new CheckpointFormatException(
                    folder
                            + " has no tokenizer.json, which text needs to become tokens; save the model's fast tokenizer there");
        }
        return file;
    }

    /** The tokens of a whole text, without special tokens. */
    public long[] encode(String text) {
        return tokenizer.encode(text, false, false).getIds();
    }

    /** The text that tokens stand for; parts of a character at either end become {@code \uFFFD}. */
    public String decode(long[] tokens) {
        return tokenizer.decode(tokens, false);
    }

    @Override
    public void close() {
        tokenizer.close();
    }
}
