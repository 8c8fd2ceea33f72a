// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.platform.oracle;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * What a module of a Rust crate, and the modules in it, declare for one target: types, constants and C functions, as tokens. Reads
 * as much of the language as the libc crate is written in, where a name is declared once for each target, so that it does not
 * matter in which module.
 */
final class RustItems {

    /**
     * @param kind {@code struct}, {@code union} or {@code type}
     * @param pack as of {@code repr(packed(n))}
     * @param alignment as of {@code repr(align(n))}
     */
    record Type(String kind, RustTokens body, int pack, int alignment) {}

    /** Macros of the crate around declarations as they are without them. */
    private static final Set<String> TRANSPARENT =
            Set.of("s", "s_no_extra_traits", "s_paren", "deprecated_mach", "align_const", "e");

    final Map<String, Type> types = new HashMap<>();
    final Map<String, RustTokens> constants = new HashMap<>();
    final Map<String, String> functions = new HashMap<>();

    private final RustTarget target;

    /** What the declarations that come next carry. */
    private Attributes attributes;

    private RustItems(RustTarget target) {
        this.target = target;
        attributes = new Attributes(target);
    }

    /** For what stands before the members of a struct. */
    Attributes newAttributes() {
        return new Attributes(target);
    }

    /** @param file {@code lib.rs} */
    static RustItems read(Path file, RustTarget target) throws IOException {
        RustItems items = new RustItems(target);
        items.module(file, file.getParent());
        return items;
    }

    /** @param folder where the modules in it are */
    private void module(Path file, Path folder) throws IOException {
        items(new RustTokens(Files.readString(file)), folder);
    }

    private void items(RustTokens tokens, Path folder) throws IOException {
        while (!tokens.atEnd()) {
            attributes = new Attributes(target);
            while (tokens.skip("#")) {
                tokens.skip("!");
                attributes.read(tokens.bracket());
            }
            if (tokens.skip("pub") && tokens.peek().equals("(")) {
                tokens.bracket();
            }
            item(tokens, folder);
        }
    }

    private void item(RustTokens tokens, Path folder) throws IOException {
        String keyword = tokens.next();
        switch (keyword) {
            case "mod" -> innerModule(tokens, folder);
            case "use", "static" -> tokens.until(";");
            case "type" -> alias(tokens);
            case "struct", "union" -> struct(keyword, tokens);
            case "enum", "impl", "trait" -> body(tokens);
            case "const" -> constant(tokens);
            case "fn" -> body(tokens);
            case "unsafe" -> {
                if (tokens.skip("extern")) {
                    extern(tokens);
                } else {
                    body(tokens);
                }
            }
            case "extern" -> extern(tokens);
            case "macro_rules" -> {
                tokens.expect("!");
                tokens.next();
                tokens.bracket();
            }
            case ";", RustTokens.END -> {}
            default -> macro(keyword, tokens, folder);
        }
    }

    private void innerModule(RustTokens tokens, Path folder) throws IOException {
        String name = tokens.next();
        if (tokens.peek().equals("{")) {
            // Things that the crate alone uses.
            tokens.bracket();
            return;
        }
        tokens.expect(";");
        if (attributes.enabled) {
            Path file = folder.resolve(name + ".rs");
            module(Files.exists(file) ? file : folder.resolve(name).resolve("mod.rs"), folder.resolve(name));
        }
    }

    private void alias(RustTokens tokens) {
        String name = tokens.next();
        tokens.expect("=");
        type(name, "type", tokens.until(";"));
    }

    private void struct(String kind, RustTokens tokens) {
        String name = tokens.next();
        if (tokens.peek().equals("(")) {
            tokens.until(";");
        } else {
            type(name, kind, tokens.bracket());
        }
    }

    private void type(String name, String kind, RustTokens body) {
        if (attributes.enabled) {
            types.putIfAbsent(name, new Type(kind, body, attributes.pack, attributes.alignment));
        }
    }

    private void constant(RustTokens tokens) {
        String name = tokens.next();
        if (name.equals("unsafe") || name.equals("extern") || name.equals("fn")) {
            body(tokens);
            return;
        }
        tokens.until("=");
        RustTokens value = tokens.until(";");
        if (attributes.enabled) {
            constants.putIfAbsent(name, value);
        }
    }

    /** Goes past a declaration that ends with a body or a semicolon. */
    private static void body(RustTokens tokens) {
        while (!tokens.atEnd() && !tokens.peek().equals("{") && !tokens.peek().equals(";")) {
            if (tokens.peek().equals("(") || tokens.peek().equals("[")) {
                tokens.bracket();
            } else {
                tokens.next();
            }
        }
        if (!tokens.skip(";")) {
            tokens.bracket();
        }
    }

    private void extern(RustTokens tokens) {
        if (tokens.peek().startsWith("\"")) {
            tokens.next();
        }
        if (!tokens.peek().equals("{")) {
            body(tokens);
            return;
        }
        boolean enabled = attributes.enabled;
        RustTokens functions = tokens.bracket();
        while (!functions.atEnd()) {
            attributes = new Attributes(target);
            while (functions.skip("#")) {
                attributes.read(functions.bracket());
            }
            RustTokens function = functions.until(";");
            function.skip("pub");
            function.skip("safe");
            if (function.skip("fn") && enabled && attributes.enabled) {
                String name = function.next();
                this.functions.putIfAbsent(name, attributes.linkName.isEmpty() ? name : attributes.linkName);
            }
        }
    }

    private void macro(String name, RustTokens tokens, Path folder) throws IOException {
        tokens.expect("!");
        RustTokens content = tokens.bracket();
        tokens.skip(";");
        if (!attributes.enabled) {
            return;
        }
        if (name.equals("cfg_if")) {
            firstThatHolds(content, folder);
        } else if (TRANSPARENT.contains(name)) {
            items(content, folder);
        }
    }

    private void firstThatHolds(RustTokens chain, Path folder) throws IOException {
        while (!chain.atEnd()) {
            chain.skip("else");
            boolean holds = true;
            if (chain.skip("if")) {
                chain.expect("#");
                RustTokens condition = chain.bracket();
                condition.expect("cfg");
                holds = target.holds(condition.bracket());
            }
            RustTokens content = chain.bracket();
            if (holds) {
                items(content, folder);
                return;
            }
        }
    }

    /** {@code #[cfg(...)]}, {@code #[repr(...)]} and {@code #[link_name = "..."]}. */
    static final class Attributes {

        private final RustTarget target;
        boolean enabled = true;
        int pack = CStruct.NOT_PACKED;
        int alignment = 1;
        String linkName = "";

        Attributes(RustTarget target) {
            this.target = target;
        }

        void read(RustTokens attribute) {
            switch (attribute.next()) {
                case "cfg" -> enabled &= target.holds(attribute.bracket());
                case "cfg_attr" -> conditional(attribute.bracket());
                case "repr" -> representation(attribute.bracket());
                case "link_name" -> {
                    attribute.expect("=");
                    String quoted = attribute.next();
                    linkName = quoted.substring(1, quoted.length() - 1);
                }
                default -> {}
            }
        }

        private void conditional(RustTokens content) {
            if (target.holds(content)) {
                content.expect(",");
                while (!content.atEnd()) {
                    read(content.until(","));
                }
            }
        }

        private void representation(RustTokens content) {
            while (!content.atEnd()) {
                String word = content.next();
                int number = content.peek().equals("(")
                        ? Integer.parseInt(content.bracket().next())
                        : 1;
                if (word.equals("packed")) {
                    pack = number;
                } else if (word.equals("align")) {
                    alignment = number;
                }
                content.skip(",");
            }
        }
    }
}
