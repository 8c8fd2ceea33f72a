// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What docs/engine.md names is there, and what it says a test shows is shown by one. */
class EnginePageTest {

    private static final Path ROOT = Path.of("..");

    private static final Pattern MEMBER = Pattern.compile("`(\\w+)#(\\w+)`");

    /** Not in capitals throughout, as constants are. */
    private static final Pattern TYPE = Pattern.compile("`([A-Z]\\w*[a-z]\\w*)`");

    private static final String MODIFIERS_AND_TYPE = "(?!return|new|throw|else|yield)(?:[\\w@.<>\\[\\],?]+\\s+)";

    private final List<String> lines = Files.readAllLines(ROOT.resolve(Path.of("docs", "engine.md")));
    private final List<Path> sources = sources();

    EnginePageTest() throws IOException {}

    private static List<Path> sources() throws IOException {
        List<Path> found = new ArrayList<>();
        try (Stream<Path> modules = Files.list(ROOT)) {
            for (Path module : modules.toList()) {
                Path folder = module.resolve("src");
                if (Files.isDirectory(folder)) {
                    try (Stream<Path> files = Files.walk(folder)) {
                        files.filter(file -> file.toString().endsWith(".java")).forEach(found::add);
                    }
                }
            }
        }
        return found;
    }

    private record Member(String type, String name) {

        /** A method, or the constructor where the name is the type's. */
        boolean isDeclaredIn(String source) {
            String before = name.equals(type) ? "(?:public |private |protected )?" : MODIFIERS_AND_TYPE + "+";
            return find(source, "(?m)^ +" + before + name + "\\([^;{]*\\)[\\w\\s.,]*[{;]");
        }

        boolean isTestIn(String source) {
            return find(source, "@(?:Parameterized|Repeated)?Test\\b[^;{}]*\\bvoid " + name + "\\(");
        }

        private static boolean find(String source, String regex) {
            return Pattern.compile(regex).matcher(source).find();
        }
    }

    private static List<Member> members(String text) {
        List<Member> members = new ArrayList<>();
        Matcher matcher = MEMBER.matcher(text);
        while (matcher.find()) {
            members.add(new Member(matcher.group(1), matcher.group(2)));
        }
        return members;
    }

    /** The text of the class, of all classes of that name. */
    private String source(String type) {
        StringBuilder text = new StringBuilder();
        for (Path file : sources) {
            if (file.getFileName().toString().equals(type + ".java")) {
                try {
                    text.append(Files.readString(file));
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            }
        }
        return text.toString();
    }

    /** The rows of the table below a heading, without its head. */
    private List<String> table(String heading) {
        int start = lines.indexOf("## " + heading);
        assertThat(start).as(heading).isNotNegative();
        List<String> rows = new ArrayList<>();
        for (String line : lines.subList(start + 1, lines.size())) {
            if (line.startsWith("|")) {
                rows.add(line);
            } else if (!rows.isEmpty()) {
                break;
            }
        }
        return rows.subList(2, rows.size());
    }

    @Test
    void namesMembersThatThereAre() {
        List<Member> members = members(String.join("\n", lines));
        assertThat(members).hasSizeGreaterThan(80);
        assertThat(members.stream().filter(member -> !member.isDeclaredIn(source(member.type()))))
                .isEmpty();
    }

    @Test
    void namesTypesThatThereAre() {
        Matcher types = TYPE.matcher(String.join("\n", lines));
        List<String> absent = new ArrayList<>();
        int count = 0;
        while (types.find()) {
            count++;
            if (source(types.group(1)).isEmpty()) {
                absent.add(types.group(1));
            }
        }
        assertThat(count).isGreaterThan(10);
        assertThat(absent).isEmpty();
    }

    @Test
    void eachShortcutAndEachDifferenceHasATest() {
        assertTests(table("The shortcuts"), 8);
        assertTests(table("What is done otherwise"), 16);
    }

    private void assertTests(List<String> rows, int count) {
        List<String> numbers =
                rows.stream().map(row -> row.split("\\|")[1].strip()).toList();
        assertThat(numbers)
                .isEqualTo(IntStream.rangeClosed(1, count)
                        .mapToObj(Integer::toString)
                        .toList());
        for (String row : rows) {
            String[] cells = row.split("\\|");
            assertThat(members(cells[cells.length - 1]))
                    .as(row)
                    .isNotEmpty()
                    .allMatch(test -> test.isTestIn(source(test.type())));
        }
    }
}
