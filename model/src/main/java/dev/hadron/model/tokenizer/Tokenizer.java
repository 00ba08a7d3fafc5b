package dev.hadron.model.tokenizer;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import dev.hadron.error.CheckpointFormatException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** The tokenizer of a checkpoint folder. */
public final class Tokenizer implements AutoCloseable {
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
        Path file = folder.resolve("tokenizer.json");
        if (!Files.isRegularFile(file)) {
            throw new CheckpointFormatException(
                    folder
                            + " has no tokenizer.json, which text needs to become tokens; save the model's fast tokenizer there");
        }
        try {
            // By default the library cuts text at the model's length and adds special tokens.
            return new Tokenizer(HuggingFaceTokenizer.newInstance(
                    file, Map.of("truncation", "false", "padding", "false", "addSpecialTokens", "false")));
        } catch (RuntimeException e) {
            throw new CheckpointFormatException(
                    file + " can't be read as a tokenizer, so save the model's fast tokenizer again: " + e.getMessage(),
                    e);
        }
    }

    /** The tokens of a whole text, without special tokens. */
    public long[] encode(String text) {
        return tokenizer.encode(text, false, false).getIds();
    }

    @Override
    public void close() {
        tokenizer.close();
    }
}
