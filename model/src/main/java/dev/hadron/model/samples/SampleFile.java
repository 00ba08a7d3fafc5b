package dev.hadron.model.samples;

import dev.hadron.error.InvalidInputException;
import dev.hadron.model.tokenizer.ModelText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/**
 * A file of samples.
 *
 * @param path of the file
 * @param kind by the file's name
 */
public record SampleFile(Path path, Kind kind) {
    /** What a file holds. */
    public enum Kind {
        /** Text in UTF-8, which is cut into windows. */
        TEXT("calibration text", "a UTF-8 text file"),
        /** A JSON object a line, with {@code text}, {@code messages} or {@code input_ids}; each is a sample. */
        JSON_LINES("calibration JSON lines", "a file with a JSON object in each line"),
        /** A safetensors file with the tensor {@code input_ids}, {@code [samples, length]}, and maybe {@code attention_mask}. */
        TOKEN_IDS("calibration token ids", "a safetensors file with the tensor input_ids");

        private final String description;
        private final String wanted;

        Kind(String description, String wanted) {
            this.description = description;
            this.wanted = wanted;
        }

        /** The kind of a file of that name: {@code .jsonl} and {@code .ndjson}, {@code .safetensors}, and text for everything else. */
        public static Kind of(Path file) {
            String name = String.valueOf(file.getFileName()).toLowerCase(Locale.ROOT);
            if (name.endsWith(".jsonl") || name.endsWith(".ndjson")) {
                return JSON_LINES;
            }
            return name.endsWith(".safetensors") ? TOKEN_IDS : TEXT;
        }

        /** As in a recipe: {@code json_lines}. */
        public String wireName() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** The file of that name, which need not be there. */
    public static SampleFile of(Path path) {
        return new SampleFile(path, Kind.of(path));
    }

    /** What messages call it. */
    public String name() {
        return "the " + kind.description + " " + path;
    }

    /**
     * Reads samples.
     *
     * @param text for what isn't tokenized yet
     * @throws InvalidInputException when there is no such file, it isn't what its name says, or it holds nothing
     */
    public Samples read(ModelText text, SampleRequest request) throws IOException {
        if (!Files.isRegularFile(path)) {
            throw new InvalidInputException(
                    name() + (Files.exists(path) ? " isn't a file" : " doesn't exist") + "; name " + kind.wanted);
        }
        if (Files.size(path) == 0) {
            throw empty(name());
        }
        Samples samples = switch (kind) {
            case TEXT -> PlainText.read(path, name(), text, request);
            case JSON_LINES -> JsonLines.read(path, name(), text, request);
            case TOKEN_IDS -> TokenIdsFile.read(path, name(), request);
        };
        if (samples.windows().isEmpty()) {
            throw new InvalidInputException(
                    name() + " has no token in its " + samples.empty() + " samples; give samples that aren't empty");
        }
        return samples;
    }

    static InvalidInputException empty(String name) {
        return new InvalidInputException(name + " is empty; give one that fills at least one window of tokens");
    }
}
