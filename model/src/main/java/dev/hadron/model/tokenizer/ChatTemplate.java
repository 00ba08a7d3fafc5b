package dev.hadron.model.tokenizer;

import dev.hadron.checkpoint.text.StrictJson;
import dev.hadron.checkpoint.text.Utf8Pieces;
import dev.hadron.error.CheckpointFormatException;
import dev.hadron.error.InvalidInputException;
import dev.hadron.model.tokenizer.template.Template;
import dev.hadron.model.tokenizer.template.TemplateException;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.BooleanNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.NullNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * How a model's conversations become text: {@code chat_template.jinja} of its folder, or else {@code chat_template} of {@code
 * tokenizer_config.json}, a string or a list of objects with {@code name} and {@code template}; among several the one named {@code tool_use}
 * for conversations with tools, if there is one, else {@code default}.
 *
 * <p>A template sees {@code messages}, {@code tools}, {@code documents}, {@code add_generation_prompt} and the model's special tokens
 * ({@code bos_token}, …), as in Transformers. What it is told as today is always {@link #TODAY}: equal inputs give equal text.
 */
public final class ChatTemplate {
    /** What {@code strftime_now} tells. */
    public static final LocalDateTime TODAY = LocalDateTime.of(2026, 1, 1, 12, 0);

    private static final String FILE = "chat_template.jinja";
    private static final String CONFIG = "tokenizer_config.json";
    private static final String KEY = "chat_template";
    private static final String DEFAULT = "default";
    private static final String WITH_TOOLS = "tool_use";
    private static final List<String> SPECIAL_TOKENS =
            List.of("bos_token", "eos_token", "unk_token", "sep_token", "pad_token", "cls_token", "mask_token");
    private static final long LARGEST_FILE = 4_000_000;

    private final String place;
    private final Map<String, String> sources;
    private final Map<String, JsonNode> specialTokens;
    private final Map<String, Template> parsed = new HashMap<>();

    private ChatTemplate(String place, Map<String, String> sources, Map<String, JsonNode> specialTokens) {
        this.place = place;
        this.sources = sources;
        this.specialTokens = specialTokens;
    }

    /**
     * Finds the templates of a checkpoint folder. They are parsed when they are used.
     *
     * @throws CheckpointFormatException when there is none, or its file isn't what it should be
     */
    public static ChatTemplate open(Path folder) throws IOException {
        Path configFile = folder.resolve(CONFIG);
        ObjectNode config = Files.isRegularFile(configFile)
                ? StrictJson.readObject(configFile)
                : JsonNodeFactory.instance.objectNode();
        Map<String, JsonNode> tokens = specialTokens(config);
        Path file = folder.resolve(FILE);
        if (Files.isRegularFile(file)) {
            if (Files.size(file) > LARGEST_FILE) {
                throw new CheckpointFormatException(
                        file + " has " + Files.size(file) + " bytes, which is too large for a chat template");
            }
            return new ChatTemplate(file.toString(), Map.of(DEFAULT, text(file)), tokens);
        }
        JsonNode template = config.path(KEY);
        if (template.isMissingNode() || template.isNull()) {
            throw new CheckpointFormatException(
                    folder + " has no chat template, neither " + FILE + " nor " + KEY + " in " + CONFIG
                            + ", which \"messages\" need to become text; add the model's, or give \"text\" instead");
        }
        return new ChatTemplate(KEY + " of " + configFile, named(template, configFile), tokens);
    }

    /**
     * The text of a conversation.
     *
     * @param where the conversation is, for messages
     * @param conversation {@code messages}, and {@code tools}, {@code documents}, {@code add_generation_prompt} where it has them
     * @throws CheckpointFormatException when the template isn't one that is understood
     * @throws InvalidInputException when the template refuses the conversation
     */
    public String render(String where, Map<String, JsonNode> conversation) {
        JsonNode tools = conversation.get("tools");
        boolean withTools = tools != null && !tools.isNull() && sources.containsKey(WITH_TOOLS);
        Template template = template(withTools ? WITH_TOOLS : DEFAULT);
        Map<String, JsonNode> variables = new LinkedHashMap<>(specialTokens);
        variables.put("tools", NullNode.getInstance());
        variables.put("documents", NullNode.getInstance());
        variables.put("add_generation_prompt", BooleanNode.FALSE);
        variables.putAll(conversation);
        try {
            return template.render(variables, TODAY);
        } catch (TemplateException e) {
            throw new InvalidInputException(
                    where + ": the chat template (" + place + ", line " + e.line() + ") can't render these messages: "
                            + e.getMessage(),
                    e);
        }
    }

    private static String text(Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        try {
            return Utf8Pieces.decode(bytes);
        } catch (CharacterCodingException e) {
            throw new CheckpointFormatException(file + " isn't UTF-8 at byte " + Utf8Pieces.validBytes(bytes), e);
        }
    }

    private Template template(String name) {
        String source = sources.get(name);
        if (source == null) {
            throw new CheckpointFormatException(place + " has the templates " + new TreeSet<>(sources.keySet())
                    + ", but none is named \"" + name + "\", which is the one that is used");
        }
        try {
            return Objects.requireNonNull(parsed.computeIfAbsent(name, unused -> Template.parse(source)));
        } catch (TemplateException e) {
            throw new CheckpointFormatException(
                    place + ", line " + e.line() + ", isn't a chat template that is understood here: " + e.getMessage(),
                    e);
        }
    }

    private static Map<String, String> named(JsonNode template, Path file) {
        if (template.isString()) {
            return Map.of(DEFAULT, template.stringValue());
        }
        if (!template.isArray()) {
            throw new CheckpointFormatException(
                    file + " must have a string or a list as " + KEY + ", but has " + StrictJson.kind(template));
        }
        Map<String, String> sources = new LinkedHashMap<>();
        for (JsonNode entry : template) {
            JsonNode name = entry.path("name");
            JsonNode source = entry.path("template");
            if (!name.isString() || !source.isString()) {
                throw new CheckpointFormatException(file + ": the entries of " + KEY
                        + " must be objects with the strings name and template, but one isn't");
            }
            sources.put(name.stringValue(), source.stringValue());
        }
        return sources;
    }

    /** A token is a string, or an object with its text as {@code content}. */
    private static Map<String, JsonNode> specialTokens(ObjectNode config) {
        Map<String, JsonNode> tokens = new LinkedHashMap<>();
        for (String name : SPECIAL_TOKENS) {
            JsonNode token = config.path(name);
            JsonNode text = token.isObject() ? token.path("content") : token;
            if (text.isString()) {
                tokens.put(name, text);
            }
        }
        return tokens;
    }
}
