// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.platform.oracle;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the values of a record are called in C and in Go, from the data file {@code names}: lines {@code NAME C GO [WIDTH]}, where
 * {@code =} is what C has, and WIDTH is how many bytes our code takes the member to have. A later line is in place of an earlier
 * one for the same name. Constants and functions without a line have their own name.
 */
final class Names {

    /** @param width {@code null} where the record itself tells it */
    record Entry(Expression c, Expression go, @Nullable String width) {

        Entry(String c, String go, @Nullable String width) {
            this(new Expression(c), new Expression(go), width);
        }

        Expression of(Oracle oracle) {
            return oracle.name().equals("go") ? go : c;
        }

        Entry size() {
            return new Entry(c.size(), go.size(), null);
        }
    }

    private static final Entry NOBODY = new Entry("-", "-", null);

    private final Map<String, Entry> entries = new HashMap<>();

    Names(String target) {
        for (DataFile.Line line : DataFile.lines("names", target)) {
            String[] words = line.words();
            if (words.length < 2 || words.length > 4) {
                throw line.unreadable();
            }
            String go = words.length == 2 || words[2].equals("=") ? words[1] : words[2];
            entries.put(joined(words[0]), new Entry(words[1], go, words.length == 4 ? words[3] : null));
        }
    }

    /** {@code kevent.ident} reads better than {@code keventIdent}, and is the same. */
    private static String joined(String name) {
        int dot = name.indexOf('.');
        return dot < 0 || name.startsWith("symbol.") || name.startsWith("trait.")
                ? name
                : name.substring(0, dot) + Character.toUpperCase(name.charAt(dot + 1)) + name.substring(dot + 2);
    }

    Entry of(String name) {
        Entry entry = entries.get(name);
        if (entry != null) {
            return entry;
        }
        if (name.endsWith(".size")) {
            return of(name.substring(0, name.length() - ".size".length())).size();
        }
        if (name.startsWith("symbol.")) {
            String function = "fn(" + name.substring("symbol.".length()) + ')';
            return new Entry(function, function, null);
        }
        return name.equals(name.toUpperCase(Locale.ROOT)) ? new Entry(name, name, null) : NOBODY;
    }
}
