package dev.hadron.plan;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * Names that differ only in an index, written as one: {@code model.layers.{0..31}.self_attn.q_proj}. An index is a part between
 * dots that is a number; names with several are joined where every combination is there.
 *
 * @param pattern the name, with sets of numbers in braces
 * @param names how many names it stands for
 */
public record FoldedName(String pattern, int names) {
    private static final Pattern INDEX = Pattern.compile("0|[1-9]\\d{0,8}");
    /** Stands for an index; no part of a name can be a dot. */
    private static final String HOLE = ".";

    /** The names, each in one of the results, in the order of their first. */
    public static List<FoldedName> of(Collection<String> names) {
        Map<List<String>, List<List<Integer>>> byTemplate = new LinkedHashMap<>();
        for (String name : names) {
            List<String> template = new ArrayList<>();
            List<Integer> indices = new ArrayList<>();
            for (String part : name.split("\\.", -1)) {
                boolean index = INDEX.matcher(part).matches();
                template.add(index ? HOLE : part);
                if (index) {
                    indices.add(Integer.valueOf(part));
                }
            }
            byTemplate.computeIfAbsent(template, unused -> new ArrayList<>()).add(indices);
        }
        List<FoldedName> folded = new ArrayList<>();
        byTemplate.forEach((template, tuples) -> {
            for (List<NavigableSet<Integer>> product : products(tuples, 0)) {
                int size = product.stream().mapToInt(NavigableSet::size).reduce(1, Math::multiplyExact);
                folded.add(new FoldedName(write(template, product), size));
            }
        });
        return folded;
    }

    /** Tuples, from a position on, as products of sets: first numbers that are followed by the same products belong together. */
    private static List<List<NavigableSet<Integer>>> products(List<List<Integer>> tuples, int position) {
        if (position == tuples.getFirst().size()) {
            return List.of(List.of());
        }
        Map<Integer, List<List<Integer>>> byFirst = new LinkedHashMap<>();
        tuples.forEach(tuple -> byFirst.computeIfAbsent(tuple.get(position), unused -> new ArrayList<>())
                .add(tuple));
        Map<List<List<NavigableSet<Integer>>>, NavigableSet<Integer>> byRest = new LinkedHashMap<>();
        byFirst.forEach((first, rest) -> byRest.computeIfAbsent(products(rest, position + 1), unused -> new TreeSet<>())
                .add(first));
        List<List<NavigableSet<Integer>>> joined = new ArrayList<>();
        byRest.forEach((rests, firsts) -> {
            for (List<NavigableSet<Integer>> rest : rests) {
                List<NavigableSet<Integer>> product = new ArrayList<>();
                product.add(firsts);
                product.addAll(rest);
                joined.add(product);
            }
        });
        return joined;
    }

    private static String write(List<String> template, List<NavigableSet<Integer>> sets) {
        List<String> parts = new ArrayList<>();
        int next = 0;
        for (String part : template) {
            parts.add(part.equals(HOLE) ? write(sets.get(next++)) : part);
        }
        return String.join(".", parts);
    }

    private static String write(NavigableSet<Integer> numbers) {
        List<String> runs = new ArrayList<>();
        List<Integer> sorted = List.copyOf(numbers);
        for (int i = 0; i < sorted.size(); i++) {
            int start = i;
            while (i + 1 < sorted.size() && sorted.get(i + 1) == sorted.get(i) + 1) {
                i++;
            }
            String last = sorted.get(i).toString();
            String joint = i == start + 1 ? "," : "..";
            runs.add(start == i ? last : sorted.get(start) + joint + last);
        }
        return numbers.size() == 1 ? runs.getFirst() : "{" + String.join(",", runs) + "}";
    }
}
