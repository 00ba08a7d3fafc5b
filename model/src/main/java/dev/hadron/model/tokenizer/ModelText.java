package dev.hadron.model.tokenizer;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Turns texts and conversations into a model's tokens. Tokenizer and chat template are read when they are first needed. */
public final class ModelText implements AutoCloseable {
    /** Characters that are tokenized at first of a text of which not all may be needed. */
    private static final int BEGINNING = 1 << 20;

    private static final int GROWTH = 4;

    private final Path folder;
    private @Nullable Tokenizer tokenizer;
    private @Nullable ChatTemplate template;

    /**
     * What a checkpoint folder says of its texts.
     *
     * @param folder where {@code tokenizer.json} and the chat template are, once they are needed
     */
    public ModelText(Path folder) {
        this.folder = folder;
    }

    /** The tokenizer, which this object closes. */
    public Tokenizer tokenizer() throws IOException {
        Tokenizer opened = tokenizer;
        if (opened == null) {
            opened = Tokenizer.open(folder);
            tokenizer = opened;
        }
        return opened;
    }

    /** At most the first {@code most} tokens of a text, without special tokens. Of a long text, not all is tokenized. */
    public long[] beginning(String text, int most) throws IOException {
        for (long characters = BEGINNING; ; characters *= GROWTH) {
            boolean whole = characters >= text.length();
            long[] tokens = tokenizer().encode(whole ? text : text.substring(0, between((int) characters, text)));
            // Where a part of the text ends, its tokens may differ; far before that they don't.
            if (whole || tokens.length / 2 >= most) {
                return tokens.length <= most ? tokens : Arrays.copyOf(tokens, most);
            }
        }
    }

    /** That place in a text, or the one before, where it would part two halves of a character. */
    private static int between(int place, String text) {
        return Character.isHighSurrogate(text.charAt(place - 1)) ? place - 1 : place;
    }

    /** A conversation as the model's chat template writes it, see {@link ChatTemplate#render}. */
    public String render(String where, Map<String, JsonNode> conversation) throws IOException {
        ChatTemplate opened = template;
        if (opened == null) {
            opened = ChatTemplate.open(folder);
            template = opened;
        }
        return opened.render(where, conversation);
    }

    @Override
    public void close() {
        Tokenizer opened = tokenizer;
        if (opened != null) {
            opened.close();
        }
    }
}
