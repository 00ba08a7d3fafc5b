package dev.hadron.checkpoint.safetensors;

import dev.hadron.checkpoint.text.Quoted;
import dev.hadron.checkpoint.text.StrictJson;
import dev.hadron.dtype.StorageType;
import dev.hadron.error.CheckpointFormatException;
import dev.hadron.tensor.Shape;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * Walks the tokens of a header, without a tree of them: a hostile header of 100 MB must not take gigabytes. What it finds
 * is laid out and checked by {@link DataLayout}.
 */
final class HeaderParser {
    static final String METADATA = "__metadata__";
    private static final Map<String, StorageType> TYPES =
            Arrays.stream(StorageType.values()).collect(Collectors.toMap(Enum::name, type -> type));

    /** As many as NumPy and PyTorch allow. */
    private static final int MOST_AXES = 64;

    private final Path file;
    private final long dataStart;
    private final DataLayout layout;

    HeaderParser(Path file, long dataStart, long fileSize) {
        this.file = file;
        this.dataStart = dataStart;
        this.layout = new DataLayout(file, dataStart, fileSize);
    }

    SafetensorsHeader parse(byte[] json) {
        if (json.length == 0 || json[0] != '{') {
            throw new CheckpointFormatException(
                    file + " has a header that doesn't begin with an opening brace, so it isn't a safetensors file");
        }
        try (JsonParser parser = StrictJson.tokens(json)) {
            parser.nextToken();
            Map<String, String> metadata = entries(parser);
            if (parser.nextToken() != null) {
                throw new CheckpointFormatException(file + " has more than one JSON value in its header");
            }
            return new SafetensorsHeader(metadata, layout.inOrder(), dataStart);
        } catch (JacksonException e) {
            String where = e.getLocation() == null
                    ? ""
                    : " at character " + Math.max(0, e.getLocation().getCharOffset());
            throw new CheckpointFormatException(
                    file + " has a header that isn't valid JSON" + where + ": " + StrictJson.reason(e), e);
        }
    }

    private Map<String, String> entries(JsonParser parser) {
        Map<String, String> metadata = Map.of();
        Set<String> seen = new HashSet<>();
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            String name = parser.currentName();
            if (!seen.add(name)) {
                throw wrong(name, "stands in the header twice");
            }
            JsonToken token = parser.nextToken();
            if (token != JsonToken.START_OBJECT) {
                throw wrong(name, "must be a JSON object, but is " + found(parser));
            }
            if (name.equals(METADATA)) {
                metadata = metadata(parser);
            } else {
                entry(parser, name);
            }
        }
        return metadata;
    }

    private Map<String, String> metadata(JsonParser parser) {
        Map<String, String> metadata = new LinkedHashMap<>();
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            String key = parser.currentName();
            if (parser.nextToken() != JsonToken.VALUE_STRING) {
                throw new CheckpointFormatException(file + " has the metadata " + Quoted.of(key)
                        + ", which must be a string, but is " + found(parser));
            }
            if (metadata.put(key, parser.getString()) != null) {
                throw new CheckpointFormatException(file + " has the metadata " + Quoted.of(key) + " twice");
            }
        }
        return metadata;
    }

    private void entry(JsonParser parser, String name) {
        @Nullable StorageType type = null;
        @Nullable List<Long> shape = null;
        @Nullable List<Long> offsets = null;
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            String field = parser.currentName();
            parser.nextToken();
            boolean twice = switch (field) {
                case "dtype" -> type != null;
                case "shape" -> shape != null;
                case "data_offsets" -> offsets != null;
                default ->
                    throw wrong(
                            name,
                            "has the field " + Quoted.of(field) + ", but only dtype, shape and data_offsets are known");
            };
            if (twice) {
                throw wrong(name, "has the field " + Quoted.of(field) + " twice");
            }
            switch (field) {
                case "dtype" -> type = type(parser, name);
                case "shape" -> shape = integers(parser, name, field, MOST_AXES);
                default -> offsets = integers(parser, name, field, 2);
            }
        }
        if (type == null || shape == null || offsets == null) {
            throw wrong(
                    name,
                    "has no field \"" + (type == null ? "dtype" : shape == null ? "shape" : "data_offsets") + "\"");
        }
        if (offsets.size() != 2) {
            throw wrong(name, "has data_offsets " + offsets + ", but begin and end are expected");
        }
        layout.add(name, type, shape(name, shape), offsets.get(0), offsets.get(1));
    }

    private StorageType type(JsonParser parser, String name) {
        if (parser.currentToken() != JsonToken.VALUE_STRING) {
            throw wrong(name, "has a dtype that must be a string, but is " + found(parser));
        }
        StorageType type = TYPES.get(parser.getString());
        if (type == null) {
            throw wrong(
                    name,
                    "has the dtype " + Quoted.of(parser.getString()) + ", but only these are read: "
                            + Arrays.stream(StorageType.values())
                                    .map(Enum::name)
                                    .collect(Collectors.joining(", ")));
        }
        return type;
    }

    private List<Long> integers(JsonParser parser, String name, String field, int most) {
        if (parser.currentToken() != JsonToken.START_ARRAY) {
            throw wrong(name, "has a " + field + " that must be a list of integers, but is " + found(parser));
        }
        List<Long> integers = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            if (parser.currentToken() != JsonToken.VALUE_NUMBER_INT) {
                throw wrong(name, "has a " + field + " of non-negative integers, but finds " + found(parser));
            }
            String digits = parser.getString();
            if (digits.startsWith("-")) {
                throw wrong(name, "has " + digits + " in its " + field + ", where nothing is below zero");
            }
            if (parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER) {
                throw wrong(name, "has " + Quoted.of(digits) + " in its " + field + ", which doesn't fit 64 bits");
            }
            if (integers.size() == most) {
                throw wrong(name, "has more than " + most + " numbers in its " + field);
            }
            integers.add(parser.getLongValue());
        }
        return integers;
    }

    private Shape shape(String name, List<Long> extents) {
        try {
            return Shape.of(extents.stream().mapToLong(Long::longValue).toArray());
        } catch (ArithmeticException e) {
            throw new CheckpointFormatException(
                    file + ": tensor " + Quoted.of(name) + " has the shape " + extents
                            + ", whose number of elements doesn't fit 64 bits",
                    e);
        }
    }

    private static String found(JsonParser parser) {
        JsonToken token = parser.currentToken();
        return switch (token) {
            case START_OBJECT -> "an object";
            case START_ARRAY -> "a list";
            case VALUE_STRING, VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> Quoted.of(parser.getString());
            case VALUE_NULL -> "null";
            case VALUE_TRUE -> "true";
            case VALUE_FALSE -> "false";
            case null, default -> "the end";
        };
    }

    private CheckpointFormatException wrong(String name, String problem) {
        return new CheckpointFormatException(file + ": tensor " + Quoted.of(name) + " " + problem);
    }
}
