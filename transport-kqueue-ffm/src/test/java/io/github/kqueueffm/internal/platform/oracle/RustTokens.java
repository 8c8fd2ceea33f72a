// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.platform.oracle;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The tokens of a Rust source text, without comments, and a place in them. */
final class RustTokens {

    private static final Pattern TOKEN = Pattern.compile(
            "\\s+|//[^\\n]*|(?<word>[A-Za-z_]\\w*)|(?<number>\\d[\\w.]*)|(?<text>b?\"(?:[^\"\\\\]|\\\\.)*\")"
                    + "|(?<character>b?'(?:[^'\\\\]|\\\\.[^']*)')|'\\w+|(?<operator>::|<<|->|=>|\\.\\.\\.?|.)",
            Pattern.DOTALL);

    /** What is behind the last token. */
    static final String END = "";

    private final List<String> tokens;
    private int at;

    RustTokens(String source) {
        tokens = split(source);
    }

    private RustTokens(List<String> tokens) {
        this.tokens = tokens;
    }

    private static List<String> split(String source) {
        List<String> tokens = new ArrayList<>();
        Matcher matcher = TOKEN.matcher(source);
        int from = 0;
        while (from < source.length()) {
            if (source.startsWith("/*", from)) {
                from = source.indexOf("*/", from + 2) + 2;
                continue;
            }
            matcher.find(from);
            String token = matcher.group();
            if (!token.isBlank() && !token.startsWith("//")) {
                tokens.add(token);
            }
            from = matcher.end();
        }
        return tokens;
    }

    boolean atEnd() {
        return at == tokens.size();
    }

    String peek() {
        return peek(0);
    }

    String peek(int ahead) {
        return at + ahead < tokens.size() ? tokens.get(at + ahead) : END;
    }

    String next() {
        String token = peek();
        at++;
        return token;
    }

    /** Whether {@code token} is next; if so, goes past it. */
    boolean skip(String token) {
        if (peek().equals(token)) {
            at++;
            return true;
        }
        return false;
    }

    void expect(String token) {
        if (!skip(token)) {
            throw new IllegalStateException("Expected " + token + " before "
                    + String.join(" ", tokens.subList(Math.min(at, tokens.size()), Math.min(at + 12, tokens.size()))));
        }
    }

    /** Goes past a bracket of any kind, which is next, and returns what is in it. */
    RustTokens bracket() {
        int from = at + 1;
        int depth = 0;
        do {
            switch (next()) {
                case "(", "[", "{" -> depth++;
                case ")", "]", "}" -> depth--;
                case END -> throw new IllegalStateException("A bracket is not closed");
                default -> {}
            }
        } while (depth > 0);
        return new RustTokens(tokens.subList(from, at - 1));
    }

    /** Goes past the next {@code stop} outside of brackets, or to the end, and returns what is before it. */
    RustTokens until(String stop) {
        int from = at;
        while (!atEnd() && !peek().equals(stop)) {
            switch (peek()) {
                case "(", "[", "{" -> bracket();
                default -> next();
            }
        }
        RustTokens before = new RustTokens(tokens.subList(from, at));
        skip(stop);
        return before;
    }

    /** The same tokens, from the first. */
    RustTokens restarted() {
        return new RustTokens(tokens);
    }

    @Override
    public String toString() {
        return String.join(" ", tokens);
    }
}
