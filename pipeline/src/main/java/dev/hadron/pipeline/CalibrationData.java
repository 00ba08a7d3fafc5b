package dev.hadron.pipeline;

import dev.hadron.checkpoint.Sha256;
import dev.hadron.error.InvalidInputException;
import dev.hadron.model.tokenizer.TokenWindows;
import dev.hadron.model.tokenizer.Tokenizer;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;

/**
 * Windows of tokens to calibrate with, and where they came from.
 *
 * @param windows token ids, each window of the same length
 * @param source the text's file name
 * @param sha256 of the text
 * @param length tokens of a window
 * @param seed of the shuffle; empty where windows come in the text's order
 */
public record CalibrationData(List<long[]> windows, String source, String sha256, int length, OptionalLong seed) {
    /** Copies the list. */
    public CalibrationData {
        windows = List.copyOf(windows);
    }

    /**
     * Cuts a text into windows.
     *
     * @param text tokenized once, without special tokens
     * @param tokenizer of the model
     * @param samples at most so many windows
     * @param length tokens of a window
     * @param seed samples windows instead of taking the first
     * @throws InvalidInputException when the text isn't readable, is empty or shorter than a window
     */
    public static CalibrationData ofText(Path text, Tokenizer tokenizer, int samples, int length, OptionalLong seed)
            throws IOException {
        String name = "the calibration text " + text;
        long[] tokens = tokenizer.encode(read(text, name));
        List<long[]> windows = seed.isPresent()
                ? TokenWindows.sampled(tokens, length, samples, seed.getAsLong(), name)
                : TokenWindows.consecutive(tokens, length, samples, name);
        String file = String.valueOf(text.getFileName());
        return new CalibrationData(windows, file, Sha256.of(text, bytes -> {}), length, seed);
    }

    /**
     * A text file's content, which must be there, be UTF-8 and not be empty.
     *
     * @param name what messages call the text
     */
    static String read(Path text, String name) throws IOException {
        if (!Files.isRegularFile(text)) {
            throw new InvalidInputException(
                    name + (Files.exists(text) ? " isn't a file" : " doesn't exist") + "; name a UTF-8 text file");
        }
        String content;
        try {
            content = Files.readString(text);
        } catch (CharacterCodingException e) {
            throw new InvalidInputException(name + " isn't UTF-8; convert it first", e);
        }
        if (content.isBlank()) {
            throw new InvalidInputException(name + " is empty; give one that fills at least one window of tokens");
        }
        return content;
    }
}
