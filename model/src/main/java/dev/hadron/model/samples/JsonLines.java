package dev.hadron.model.samples;

import dev.hadron.checkpoint.text.Quoted;
import dev.hadron.checkpoint.text.StrictJson;
import dev.hadron.checkpoint.text.Utf8Pieces;
import dev.hadron.error.InvalidInputException;
import dev.hadron.model.tokenizer.ModelText;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A JSON object a line, each a sample; blank lines are passed over.
 *
 * <p>The first ones are read and no more. A draw goes through the file twice: it counts lines and keeps where the drawn ones begin, then
 * reads these. Lines that aren't used aren't looked at.
 */
final class JsonLines {
    private static final String BYTE_ORDER_MARK = "\uFEFF";

    private final String name;
    private final JsonSample sample;

    private record Place(long number, long offset) {}

    private JsonLines(String name, ModelText text, SampleRequest request) {
        this.name = name;
        this.sample = new JsonSample(text, request);
    }

    static Samples read(Path file, String name, ModelText text, SampleRequest request) throws IOException {
        JsonLines lines = new JsonLines(name, text, request);
        try (LineReader reader = LineReader.open(file, name)) {
            Samples samples = request.seed().isPresent() ? lines.drawn(reader, request) : lines.first(reader, request);
            if (samples.windows().isEmpty() && samples.empty() == 0) {
                throw SampleFile.empty(name);
            }
            return samples;
        }
    }

    private Samples first(LineReader reader, SampleRequest request) throws IOException {
        List<long[]> windows = new ArrayList<>();
        int empty = 0;
        LineReader.Line line;
        while (windows.size() < request.samples() && (line = reader.next()) != null) {
            request.cancellation().check();
            long[] tokens = tokens(line);
            if (tokens.length > 0) {
                windows.add(tokens);
            } else {
                empty++;
            }
        }
        return new Samples(windows, empty);
    }

    private Samples drawn(LineReader reader, SampleRequest request) throws IOException {
        Selection<Place> selection = new Selection<>(request.samples(), request.seed());
        for (LineReader.Line line = reader.next(); line != null; line = reader.next()) {
            request.cancellation().check();
            selection.offer(new Place(line.number(), line.offset()));
        }
        List<long[]> windows = new ArrayList<>();
        List<Place> places = selection.items();
        for (Place place : places) {
            request.cancellation().check();
            reader.seek(place.number(), place.offset());
            LineReader.Line line = reader.next();
            if (line == null || line.number() != place.number()) {
                throw new IOException(name + " became shorter while it was read");
            }
            long[] tokens = tokens(line);
            if (tokens.length > 0) {
                windows.add(tokens);
            }
        }
        return new Samples(windows, places.size() - windows.size());
    }

    private long[] tokens(LineReader.Line line) throws IOException {
        String where = name + ", line " + line.number();
        return sample.tokens(where, object(where, line));
    }

    private ObjectNode object(String where, LineReader.Line line) {
        String json;
        try {
            String decoded = Utf8Pieces.decode(line.bytes());
            json = line.offset() == 0 && decoded.startsWith(BYTE_ORDER_MARK) ? decoded.substring(1) : decoded;
        } catch (CharacterCodingException e) {
            throw new InvalidInputException(
                    name + " isn't UTF-8 at byte " + (line.offset() + Utf8Pieces.validBytes(line.bytes()))
                            + ", in line " + line.number() + "; convert it first",
                    e);
        }
        JsonNode value;
        try {
            value = StrictJson.parse(json);
        } catch (JacksonException e) {
            String column =
                    e.getLocation() == null ? "" : ", column " + e.getLocation().getColumnNr();
            throw new InvalidInputException(where + column + ", isn't valid JSON: " + StrictJson.reason(e), e);
        }
        if (value instanceof ObjectNode object) {
            return object;
        }
        throw new InvalidInputException(where + ", must hold a JSON object, but holds " + StrictJson.kind(value));
    }

    /** The keys of a line, for a message. */
    static String keys(ObjectNode line) {
        return line.isEmpty()
                ? "nothing"
                : line.propertyNames().stream().limit(12).map(Quoted::of).collect(Collectors.joining(", "));
    }
}
