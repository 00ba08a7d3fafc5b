package dev.hadron.model.tokenizer.template;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Damaged templates are rendered or refused; nothing else happens. */
class TemplateFuzzTest {
    private static final int ROUNDS = 6000;
    private static final List<String> PIECES = List.of(
            "{{",
            "}}",
            "{%",
            "%}",
            "{#",
            "#}",
            "-%}",
            "{%-",
            "if",
            "for",
            "in",
            "set",
            "macro",
            "endfor",
            "endif",
            "else",
            "(",
            ")",
            "[",
            "]",
            "{",
            "}",
            "'",
            "\"",
            "\\",
            ".",
            ":",
            ",",
            "|",
            "~",
            "-1",
            "0",
            "is",
            "not",
            "**",
            "//",
            "%",
            "loop",
            "messages",
            "namespace()",
            "range(9)",
            "tojson",
            "join",
            "items()",
            "1e400",
            "\n",
            "\u0000",
            "😀");

    private final JsonNode conversations = Fixtures.json("conversations.json");

    @Test
    void damagedTemplatesAreRenderedOrRefused() {
        List<String> sources = Stream.concat(
                        Fixtures.json("expected.json").get("templates").propertyNames().stream()
                                .map(name -> Fixtures.text(name + ".jinja")),
                        Fixtures.json("expressions.json").valueStream().map(JsonNode::stringValue))
                .toList();
        List<String> names = List.copyOf(conversations.propertyNames());
        Random random = new Random(11);
        int rendered = 0;
        for (int round = 0; round < ROUNDS; round++) {
            StringBuilder template = new StringBuilder(sources.get(random.nextInt(sources.size())));
            for (int change = 0; change <= random.nextInt(3); change++) {
                damage(template, random);
            }
            // Anything but a TemplateException fails the test.
            if (Fixtures.rendered(template.toString(), conversations.get(names.get(random.nextInt(names.size()))))
                    != null) {
                rendered++;
            }
        }

        assertThat(rendered).isBetween(ROUNDS / 20, ROUNDS * 19 / 20);
    }

    private static void damage(StringBuilder template, Random random) {
        int at = random.nextInt(template.length() + 1);
        int end = Math.min(template.length(), at + random.nextInt(12));
        String piece = PIECES.get(random.nextInt(PIECES.size()));
        switch (random.nextInt(4)) {
            case 0 -> template.delete(at, end);
            case 1 -> template.insert(at, piece);
            case 2 -> template.replace(at, end, piece);
            default -> template.insert(random.nextInt(template.length() + 1), template.substring(at, end));
        }
    }
}
