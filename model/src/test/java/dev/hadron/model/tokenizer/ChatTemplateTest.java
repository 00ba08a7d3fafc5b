package dev.hadron.model.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hadron.error.CheckpointFormatException;
import dev.hadron.error.InvalidInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class ChatTemplateTest {
    private static final String HI = "{\"messages\": [{\"role\": \"user\", \"content\": \"hi\"}]}";

    @TempDir
    private Path folder;

    @Test
    void theFileStandsAboveTheConfiguration() throws IOException {
        config("""
                {"bos_token": "<s>", "eos_token": {"content": "</s>", "lstrip": false}, "pad_token": null,
                 "chat_template": "config {{ messages[0].content }}{{ eos_token }}"}""");
        assertThat(rendered(HI)).isEqualTo("config hi</s>");

        file("{{ bos_token }}file {{ messages[0].content }}{{ pad_token is defined }}\n");
        assertThat(rendered(HI)).isEqualTo("<s>file hiFalse");
    }

    @Test
    void amongSeveralTheOneForToolsOrTheDefaultIsUsed() throws IOException {
        config("""
                {"chat_template": [{"name": "default", "template": "plain"},
                                   {"name": "tool_use", "template": "{{ tools | length }} tools"}]}""");

        assertThat(rendered(HI)).isEqualTo("plain");
        assertThat(rendered("{\"messages\": [], \"tools\": [{}, {}]}")).isEqualTo("2 tools");
        assertThat(rendered("{\"messages\": [], \"tools\": null}")).isEqualTo("plain");
    }

    @Test
    void aConversationSaysWhetherAnAnswerIsToFollow() throws IOException {
        file("{{ add_generation_prompt }} {{ tools is none }} {{ strftime_now('%d %b %Y') }}");

        assertThat(rendered(HI)).isEqualTo("False True 01 Jan 2026");
        assertThat(rendered("{\"messages\": [], \"add_generation_prompt\": true}"))
                .startsWith("True");
    }

    @Test
    void aMissingTemplateIsRefusedByItsPlaces() throws IOException {
        assertThatThrownBy(() -> rendered(HI))
                .isInstanceOf(CheckpointFormatException.class)
                .hasMessageContaining(folder + " has no chat template, neither chat_template.jinja nor chat_template in"
                        + " tokenizer_config.json");
        config("{\"chat_template\": null}");
        assertThatThrownBy(() -> rendered(HI)).hasMessageContaining("has no chat template");
        config("{\"chat_template\": 5}");
        assertThatThrownBy(() -> rendered(HI)).hasMessageContaining("must have a string or a list as chat_template");
        config("{\"chat_template\": [{\"name\": \"rag\", \"template\": \"x\"}]}");
        assertThatThrownBy(() -> rendered(HI))
                .hasMessageContaining("has the templates [rag], but none is named \"default\"");
        config("{\"chat_template\": [\"x\"]}");
        assertThatThrownBy(() -> rendered(HI))
                .hasMessageContaining("must be objects with the strings name and template");
    }

    @Test
    void aTemplateThatFailsIsRefusedByPlaceAndLine() throws IOException {
        Path file = file("first\n{% include 'x' %}");
        assertThatThrownBy(() -> rendered(HI))
                .isInstanceOf(CheckpointFormatException.class)
                .hasMessageStartingWith(file
                        + ", line 2, isn't a chat template that is understood here: the tag {% include %} isn't known");

        file("first\n\n{{ raise_exception('no system message') }}");
        assertThatThrownBy(() -> rendered(HI))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage(
                        "the file, line 7: the chat template (" + file
                                + ", line 3) can't render these messages: the template refuses the conversation: no system message");

        Files.write(file, new byte[] {'a', (byte) 0xe9});
        assertThatThrownBy(() -> rendered(HI)).hasMessage(file + " isn't UTF-8 at byte 1");
    }

    private String rendered(String conversation) throws IOException {
        Map<String, JsonNode> parts = new LinkedHashMap<>();
        new JsonMapper().readTree(conversation).forEachEntry(parts::put);
        return ChatTemplate.open(folder).render("the file, line 7", parts);
    }

    private Path file(String template) throws IOException {
        return Files.writeString(folder.resolve("chat_template.jinja"), template);
    }

    private void config(String json) throws IOException {
        Files.writeString(folder.resolve("tokenizer_config.json"), json);
    }
}
