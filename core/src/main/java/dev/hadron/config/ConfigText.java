package dev.hadron.config;

import dev.hadron.error.ConfigException;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** JSON texts as trees, with messages that users can act on. */
final class ConfigText {
    /** No key may come twice. */
    static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(SerializationFeature.INDENT_OUTPUT)
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    private ConfigText() {}

    /** The tree in a file. */
    static JsonNode read(Path file) throws IOException {
        if (!Files.exists(file) || Files.isDirectory(file)) {
            throw new ConfigException(file + (Files.exists(file) ? " is a folder" : " doesn't exist")
                    + "; name a JSON file that holds the configuration");
        }
        try {
            return parse(Files.readString(file), file.toString());
        } catch (CharacterCodingException e) {
            throw new ConfigException(file + " isn't UTF-8; convert it first", e);
        }
    }

    /** The tree in a text. */
    static JsonNode parse(String text, String origin) {
        JsonNode root;
        try {
            root = MAPPER.readTree(text);
        } catch (JacksonException e) {
            TokenStreamLocation at = e.getLocation();
            String where = at == null ? "" : "line " + at.getLineNr() + ", column " + at.getColumnNr() + ": ";
            throw new ConfigException(origin + " isn't JSON: " + where + e.getOriginalMessage(), e);
        }
        if (root.isMissingNode()) {
            throw new ConfigException(origin + " isn't JSON: line 1, column 1: there is nothing in it");
        }
        return root;
    }
}
