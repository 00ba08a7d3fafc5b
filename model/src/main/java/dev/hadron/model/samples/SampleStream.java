package dev.hadron.model.samples;

import dev.hadron.error.InvalidInputException;
import dev.hadron.model.tokenizer.ModelText;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/** Samples that a caller hands in, one by one. A draw keeps no more of them than are asked for. */
public final class SampleStream {
    private SampleStream() {}

    /**
     * Texts, each a sample.
     *
     * @param name what messages call them
     * @throws InvalidInputException when there is none, or none holds a token
     */
    public static Samples ofTexts(String name, Iterator<String> texts, ModelText text, SampleRequest request)
            throws IOException {
        return samples(
                name,
                texts,
                request,
                (where, content) ->
                        TokenIds.tokenized(where, text.beginning(content, request.length()), request.vocabulary()));
    }

    /**
     * Token ids without padding, each array a sample.
     *
     * @param name what messages call them
     * @throws InvalidInputException when there is none, none holds a token, or one isn't in the vocabulary
     */
    public static Samples ofTokens(String name, Iterator<long[]> windows, SampleRequest request) throws IOException {
        return samples(
                name,
                windows,
                request,
                (where, ids) -> TokenIds.checked(where, ids.clone(), request.length(), request.vocabulary()));
    }

    private interface Tokenization<T> {
        long[] tokens(String where, T item) throws IOException;
    }

    private record Place<T>(long index, T item) {}

    private static <T> Samples samples(
            String name, Iterator<T> items, SampleRequest request, Tokenization<T> tokenization) throws IOException {
        Iterator<Place<T>> places = request.seed().isPresent() ? drawn(items, request) : numbered(items);
        List<long[]> windows = new ArrayList<>();
        int empty = 0;
        while (windows.size() < request.samples() && places.hasNext()) {
            request.cancellation().check();
            Place<T> place = places.next();
            long[] tokens = tokenization.tokens(name + ", sample " + place.index(), place.item());
            if (tokens.length > 0) {
                windows.add(tokens);
            } else {
                empty++;
            }
        }
        if (windows.isEmpty()) {
            throw new InvalidInputException(
                    name + " gives no token in " + empty + " samples; calibration needs at least one");
        }
        return new Samples(windows, empty);
    }

    private static <T> Iterator<Place<T>> drawn(Iterator<T> items, SampleRequest request) {
        Selection<Place<T>> selection = new Selection<>(request.samples(), request.seed());
        numbered(items).forEachRemaining(place -> {
            request.cancellation().check();
            selection.offer(place);
        });
        return selection.items().iterator();
    }

    private static <T> Iterator<Place<T>> numbered(Iterator<T> items) {
        return new Iterator<>() {
            private long index;

            @Override
            public boolean hasNext() {
                return items.hasNext();
            }

            @Override
            public Place<T> next() {
                return new Place<>(index++, items.next());
            }
        };
    }
}
