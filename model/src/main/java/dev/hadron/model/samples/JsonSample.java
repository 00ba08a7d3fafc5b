package dev.hadron.model.samples;

import dev.hadron.checkpoint.text.StrictJson;
import dev.hadron.error.InvalidInputException;
import dev.hadron.model.tokenizer.ModelText;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * One line of JSON lines: {@code text}, a string; or {@code messages}, a list of objects for the chat template, with {@code tools}, {@code
 * documents} and {@code add_generation_prompt} (false by default); or {@code input_ids} and maybe {@code attention_mask}, lists of integers.
 * Other keys mean nothing here.
 */
final class JsonSample {
    private static final String TEXT = "text";
    private static final String MESSAGES = "messages";
    private static final String IDS = "input_ids";
    private static final String MASK = "attention_mask";
    private static final List<String> OF_A_CHAT = List.of(MESSAGES, "tools", "documents", "add_generation_prompt");

    private final ModelText text;
    private final SampleRequest request;

    JsonSample(ModelText text, SampleRequest request) {
        this.text = text;
        this.request = request;
    }

    /** Its tokens, at most as many as are asked for, which may be none. */
    long[] tokens(String where, ObjectNode line) throws IOException {
        List<String> found =
                List.of(TEXT, MESSAGES, IDS).stream().filter(line::has).toList();
        if (found.isEmpty()) {
            throw new InvalidInputException(where + ", has neither \"text\", \"messages\" nor \"input_ids\", but "
                    + JsonLines.keys(line) + "; give one of the three");
        }
        if (found.size() > 1) {
            throw new InvalidInputException(where + ", has both \"" + found.get(0) + "\" and \"" + found.get(1)
                    + "\"; give one of the three \"text\", \"messages\" and \"input_ids\"");
        }
        return switch (found.getFirst()) {
            case TEXT -> encoded(where, string(where, line.get(TEXT)));
            case MESSAGES -> encoded(where, text.render(where, conversation(where, line)));
            default -> ids(where, line);
        };
    }

    private long[] encoded(String where, String content) throws IOException {
        return TokenIds.tokenized(where, text.beginning(content, request.length()), request.vocabulary());
    }

    private static String string(String where, JsonNode value) {
        if (!value.isString()) {
            throw new InvalidInputException(where + ": \"text\" must be a string, but is " + StrictJson.kind(value));
        }
        return value.stringValue();
    }

    private static Map<String, JsonNode> conversation(String where, ObjectNode line) {
        JsonNode messages = array(where, MESSAGES, line.get(MESSAGES));
        for (int i = 0; i < messages.size(); i++) {
            if (!messages.get(i).isObject()) {
                throw new InvalidInputException(where + ": messages[" + i
                        + "] must be an object with role and content, but is " + StrictJson.kind(messages.get(i)));
            }
        }
        if (messages.isEmpty()) {
            throw new InvalidInputException(where + ": \"messages\" is empty; give at least one message");
        }
        Map<String, JsonNode> conversation = new LinkedHashMap<>();
        OF_A_CHAT.stream().filter(line::has).forEach(key -> conversation.put(key, line.get(key)));
        return conversation;
    }

    private long[] ids(String where, ObjectNode line) {
        JsonNode ids = array(where, IDS, line.get(IDS));
        if (!line.has(MASK)) {
            return TokenIds.unpadded(
                    where,
                    ids.size(),
                    i -> integer(where, IDS, ids, i),
                    i -> 1,
                    request.length(),
                    request.vocabulary());
        }
        JsonNode mask = array(where, MASK, line.get(MASK));
        if (mask.size() != ids.size()) {
            throw new InvalidInputException(where + ": attention_mask has " + mask.size()
                    + " numbers, but input_ids has " + ids.size() + "; they belong together, one by one");
        }
        return TokenIds.unpadded(
                where,
                ids.size(),
                i -> integer(where, IDS, ids, i),
                i -> integer(where, MASK, mask, i),
                request.length(),
                request.vocabulary());
    }

    private static JsonNode array(String where, String key, JsonNode value) {
        if (!value.isArray()) {
            throw new InvalidInputException(
                    where + ": \"" + key + "\" must be a list, but is " + StrictJson.kind(value));
        }
        return value;
    }

    private static long integer(String where, String key, JsonNode list, int index) {
        JsonNode value = list.get(index);
        if (!value.isIntegralNumber() || !value.canConvertToLong()) {
            throw new InvalidInputException(where + ": " + key + "[" + index + "] must be an integer, but is "
                    + (value.isNumber() ? value.toString() : StrictJson.kind(value)));
        }
        return value.longValue();
    }
}
