package dev.hadron.checkpoint.text;

import dev.hadron.error.CheckpointFormatException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.Reader;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.PrettyPrinter;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.json.JsonReadFeature;
import tools.jackson.core.json.JsonWriteFeature;
import tools.jackson.core.util.DefaultIndenter;
import tools.jackson.core.util.DefaultPrettyPrinter;
import tools.jackson.core.util.Separators;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * JSON as model folders hold it: UTF-8 and nothing else, no key twice, nothing after the value. {@code NaN} and
 * {@code Infinity} are numbers, since Python writes them (the {@code time_step_limit} of Mamba models, for one).
 */
public final class StrictJson {
    /** No real configuration or index comes near; it bounds the memory that a wrong file can take. */
    private static final int LARGEST_FILE = 100_000_000;

    // Keys are tensor names, hundreds of thousands of them and each used once: a table of known ones would only be in
    // the way.
    private static final JsonMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .disable(TokenStreamFactory.Feature.CANONICALIZE_PROPERTY_NAMES)
                    .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
                    .disable(JsonWriteFeature.WRITE_NAN_AS_STRINGS)
                    .build())
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private static final JsonFactory TOKENS = JsonFactory.builder()
            .disable(TokenStreamFactory.Feature.CANONICALIZE_PROPERTY_NAMES)
            .build();

    private static final PrettyPrinter PRETTY = new DefaultPrettyPrinter()
            .withObjectIndenter(new DefaultIndenter("  ", "\n"))
            .withArrayIndenter(new DefaultIndenter("  ", "\n"))
            .withSeparators(PrettyPrinter.DEFAULT_SEPARATORS
                    .withObjectNameValueSpacing(Separators.Spacing.AFTER)
                    .withObjectEmptySeparator("")
                    .withArrayEmptySeparator(""));

    private StrictJson() {}

    /**
     * The object that a file holds.
     *
     * @throws CheckpointFormatException naming line and column, when it holds anything else
     */
    public static ObjectNode readObject(Path file) throws IOException {
        long size = Files.size(file);
        if (size > LARGEST_FILE) {
            throw new CheckpointFormatException(
                    file + " has " + size + " bytes, which is too large for a JSON file of a checkpoint");
        }
        byte[] bytes = Files.readAllBytes(file);
        try {
            JsonNode value = MAPPER.readTree(reader(bytes));
            if (value instanceof ObjectNode object) {
                return object;
            }
            throw new CheckpointFormatException(file + " must hold a JSON object, but "
                    + (value.isMissingNode() ? "is empty" : "holds " + kind(value)));
        } catch (JacksonException e) {
            TokenStreamLocation at = e.getLocation();
            String where = at == null || at.getLineNr() < 1
                    ? ""
                    : " at line " + at.getLineNr() + ", column " + at.getColumnNr();
            throw new CheckpointFormatException(file + " isn't valid JSON" + where + ": " + reason(e), e);
        }
    }

    /**
     * The value of a JSON text.
     *
     * @throws JacksonException when it isn't one
     */
    public static JsonNode parse(String json) {
        return MAPPER.readTree(json);
    }

    /** The tokens of a JSON text in UTF-8; the caller watches for keys that come twice. */
    public static JsonParser tokens(byte[] utf8) {
        return TOKENS.createParser(ObjectReadContext.empty(), reader(utf8));
    }

    /** Writes compact JSON in UTF-8; the caller closes both. */
    public static JsonGenerator generator(OutputStream out) {
        return TOKENS.createGenerator(ObjectWriteContext.empty(), out);
    }

    /** Creates a file that holds {@code value} as {@link #pretty} does, and brings it to the disk. */
    public static void write(Path file, JsonNode value) throws IOException {
        ByteBuffer bytes = StandardCharsets.UTF_8.encode(pretty(value) + "\n");
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        } catch (FileAlreadyExistsException e) {
            throw e;
        } catch (IOException e) {
            Files.deleteIfExists(file);
            throw FileFailure.in(file, e);
        }
    }

    /** JSON as Python's {@code json.dumps(value, indent=2)} lays it out. */
    public static String pretty(JsonNode value) {
        return MAPPER.writer().with(PRETTY).writeValueAsString(value);
    }

    /** What is wrong with a JSON text, on one line and without the position. */
    public static String reason(JacksonException e) {
        if (e.getCause() instanceof CharacterCodingException) {
            return "it isn't UTF-8";
        }
        String message = e.getOriginalMessage().lines().findFirst().orElse("unknown");
        int position = message.indexOf(" (start marker at");
        return position < 0 ? message : message.substring(0, position);
    }

    /** Says what a value is: "a string", say. */
    public static String kind(JsonNode value) {
        return switch (value.getNodeType()) {
            case OBJECT -> "an object";
            case ARRAY -> "an array";
            case STRING -> "a string";
            case NUMBER -> "a number";
            case BOOLEAN -> "a truth value";
            case NULL -> "null";
            case MISSING -> "nothing";
            case BINARY, POJO -> "a value";
        };
    }

    /** A decoder of its own, because Jackson's guesses UTF-16 and UTF-32 and lets some malformed UTF-8 pass. */
    private static Reader reader(byte[] utf8) {
        InputStream bytes = new ByteArrayInputStream(utf8);
        return new InputStreamReader(
                bytes,
                StandardCharsets.UTF_8
                        .newDecoder()
                        .onMalformedInput(CodingErrorAction.REPORT)
                        .onUnmappableCharacter(CodingErrorAction.REPORT));
    }
}
