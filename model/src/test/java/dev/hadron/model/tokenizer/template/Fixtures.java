package dev.hadron.model.tokenizer.template;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.LocalDateTime;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.BooleanNode;
import tools.jackson.databind.node.NullNode;

/** Templates, conversations and what the reference makes of them; {@code tools/make_chat_fixtures.py} writes the latter. */
final class Fixtures {
    static final LocalDateTime NOW = LocalDateTime.of(2026, 1, 1, 12, 0);

    private static final JsonMapper MAPPER = new JsonMapper();

    private Fixtures() {}

    static String text(String name) {
        try (InputStream in = Objects.requireNonNull(Fixtures.class.getResourceAsStream("/chat-templates/" + name))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static JsonNode json(String name) {
        return MAPPER.readTree(text(name));
    }

    /** As the reference hands a conversation to a template. */
    static Map<String, JsonNode> variables(JsonNode conversation) {
        Map<String, JsonNode> variables = new LinkedHashMap<>();
        variables.put("tools", NullNode.getInstance());
        variables.put("documents", NullNode.getInstance());
        variables.put("add_generation_prompt", BooleanNode.FALSE);
        conversation.forEachEntry(variables::put);
        return variables;
    }

    /** What a template makes of a conversation, or null where it is refused. */
    static @Nullable String rendered(String template, JsonNode conversation) {
        try {
            return Template.parse(template).render(variables(conversation), NOW);
        } catch (TemplateException e) {
            return null;
        }
    }

    static @Nullable String orNull(JsonNode text) {
        return text.isNull() ? null : text.stringValue();
    }
}
