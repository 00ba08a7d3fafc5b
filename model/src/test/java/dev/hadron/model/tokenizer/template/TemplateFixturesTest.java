package dev.hadron.model.tokenizer.template;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** What Transformers' {@code apply_chat_template} writes, character by character; and what it refuses is refused. */
class TemplateFixturesTest {
    private static final int FEWEST_TEMPLATES = 5;
    private static final int FEWEST_EXPRESSIONS = 80;

    private final JsonNode expected = Fixtures.json("expected.json");
    private final JsonNode conversations = Fixtures.json("conversations.json");

    @Test
    void templatesInTheStyleOfTheFamiliesAreRenderedAsTransformersDoes() {
        JsonNode templates = expected.get("templates");

        assertThat(templates.properties()).hasSizeGreaterThanOrEqualTo(FEWEST_TEMPLATES);
        for (Map.Entry<String, JsonNode> template : templates.properties()) {
            for (Map.Entry<String, JsonNode> text : template.getValue().properties()) {
                assertThat(Fixtures.rendered(
                                Fixtures.text(template.getKey() + ".jinja"), conversations.get(text.getKey())))
                        .as("%s of \"%s\"", template.getKey(), text.getKey())
                        .isEqualTo(Fixtures.orNull(text.getValue()));
            }
        }
    }

    @Test
    void expressionsAndWhiteSpaceComeOutAsInJinja() {
        JsonNode expressions = Fixtures.json("expressions.json");
        JsonNode texts = expected.get("expressions");

        assertThat(expressions).hasSizeGreaterThan(FEWEST_EXPRESSIONS).hasSameSizeAs(texts);
        for (int i = 0; i < expressions.size(); i++) {
            String expression = expressions.get(i).stringValue();
            assertThat(Fixtures.rendered(expression, conversations.get("plain")))
                    .as(expression)
                    .isEqualTo(Fixtures.orNull(texts.get(i)));
        }
    }
}
