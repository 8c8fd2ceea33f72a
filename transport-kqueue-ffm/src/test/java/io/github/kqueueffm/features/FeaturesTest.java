// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.features;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.kqueueffm.KQueueDatagramChannel;
import io.github.kqueueffm.KQueueDomainDatagramChannel;
import io.github.kqueueffm.KQueueDomainSocketChannel;
import io.github.kqueueffm.KQueueServerDomainSocketChannel;
import io.github.kqueueffm.KQueueServerSocketChannel;
import io.github.kqueueffm.KQueueSocketChannel;
import io.github.kqueueffm.internal.platform.Platform;
import io.netty.channel.Channel;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * That docs/features.md tells the truth about this transport on each system that there is data for, and about NIO. What it
 * says of Netty's epoll is checked where its binaries are, in the benchmarks; of Netty's kqueue only its source tells.
 *
 * <p>{@code -Dtest.argLine=-Dfeatures.write=true} writes the page anew instead; cells that nothing here knows are kept.
 */
class FeaturesTest {

    private static final String NIO = "NIO";
    private static final List<String> OTHERS = List.of("Netty kqueue", "Netty epoll", NIO);

    /** What Netty names otherwise for NIO. */
    private static final Map<String, String> NIO_NAMES = Map.of(
            "TCP_KEEPINTERVAL", "TCP_KEEPINTVL",
            "TCP_KEEPCOUNT", "TCP_KEEPCNT",
            "IP_MULTICAST_LOOP", "IP_MULTICAST_LOOP_DISABLED");

    /** Options of the JDK that come and go with the system that it runs on, so that the page would depend on it. */
    private static final Set<String> OF_THE_JDKS_SYSTEM =
            Set.of("SO_INCOMING_NAPI_ID", "TCP_QUICKACK", "IP_DONTFRAGMENT");

    /** A kind of channel: ours, on which socket, and NIO's. */
    private record Kind(
            Class<? extends Channel> type,
            SocketProtocolFamily family,
            @Nullable Supplier<Channel> nio) {}

    private static final List<Kind> KINDS = List.of(
            new Kind(KQueueSocketChannel.class, SocketProtocolFamily.INET, NioSocketChannel::new),
            new Kind(KQueueServerSocketChannel.class, SocketProtocolFamily.INET, NioServerSocketChannel::new),
            new Kind(KQueueDatagramChannel.class, SocketProtocolFamily.INET, NioDatagramChannel::new),
            new Kind(KQueueDomainSocketChannel.class, SocketProtocolFamily.UNIX, null),
            new Kind(KQueueServerDomainSocketChannel.class, SocketProtocolFamily.UNIX, null),
            new Kind(KQueueDomainDatagramChannel.class, SocketProtocolFamily.UNIX, null));

    @Test
    void pageIsTrue() throws Exception {
        FeaturePage page = FeaturePage.read();
        Map<String, MarkdownTable> truth = new LinkedHashMap<>();
        Map<String, Platform> systems = Systems.all();
        for (Kind kind : KINDS) {
            truth.put(kind.type().getSimpleName(), options(kind, systems));
        }
        truth.put("Abilities", abilities(systems));
        FeaturePage expected = page.with((heading, table) -> {
            MarkdownTable ours = truth.remove(heading);
            return ours == null ? table : merged(table, ours);
        });
        assertThat(truth).as("tables that the page lacks").isEmpty();
        if (Boolean.getBoolean("features.write")) {
            expected.write();
        }
        assertThat(page.lines()).isEqualTo(expected.lines());
        assertThat(page.lines()).as("cells to be filled in by hand").noneMatch(line -> line.contains("?"));
    }

    /** What no record tells is shown by a test. */
    @Test
    void testsOfTheBehaviourExist() throws Exception {
        List<String> tests = new ArrayList<>();
        FeaturePage unused = FeaturePage.read().with((heading, table) -> {
            if (heading.equals("Behaviour")) {
                table.rows().forEach(row -> tests.add(table.get(row, "test")));
            }
            return table;
        });
        assertThat(tests).isNotEmpty();
        Path folder = Path.of("src", "test", "java");
        try (Stream<Path> suite = Files.walk(Path.of("..", "testsuite").resolve(folder));
                Stream<Path> own = Files.walk(folder)) {
            List<String> there = Stream.concat(suite, own)
                    .map(file -> file.getFileName().toString())
                    .map(name -> name.replaceFirst("\\.java$", ""))
                    .toList();
            assertThat(there).containsAll(tests);
        }
    }

    private static List<String> columns(String first, Map<String, Platform> systems) {
        List<String> columns = new ArrayList<>();
        columns.add(first);
        columns.addAll(OTHERS);
        systems.keySet().forEach(system -> columns.add("ours, " + system));
        return columns;
    }

    private static MarkdownTable options(Kind kind, Map<String, Platform> systems) throws Exception {
        Map<String, Set<String>> has = new LinkedHashMap<>();
        for (Map.Entry<String, Platform> system : systems.entrySet()) {
            has.put("ours, " + system.getKey(), OwnOptions.of(kind.type(), kind.family(), system.getValue()));
        }
        Supplier<Channel> nio = kind.nio();
        if (nio != null) {
            has.put(NIO, nioOptions(nio.get()));
        }
        Set<String> names = new TreeSet<>();
        has.values().forEach(names::addAll);
        names.removeAll(ofEveryChannel());
        // Stored, without effect, and deprecated; the page says so once.
        names.remove("RCV_ALLOC_TRANSPORT_PROVIDES_GUESS");
        MarkdownTable table = new MarkdownTable(columns("option", systems));
        for (String name : names) {
            has.forEach((column, options) -> table.put(name, column, options.contains(name) ? "yes" : "–"));
        }
        return table;
    }

    private static Set<String> nioOptions(Channel channel) {
        try {
            Set<String> names = new TreeSet<>();
            for (String name : OwnOptions.names(channel)) {
                names.add(NIO_NAMES.getOrDefault(name, name));
            }
            names.removeAll(OF_THE_JDKS_SYSTEM);
            return names;
        } finally {
            channel.unsafe().closeForcibly();
        }
    }

    /** Those that every Netty channel has, whatever its transport. */
    private static Set<String> ofEveryChannel() {
        return OwnOptions.names(new EmbeddedChannel());
    }

    private static MarkdownTable abilities(Map<String, Platform> systems) {
        MarkdownTable table = new MarkdownTable(columns("", systems));
        for (Map.Entry<String, Function<Platform, String>> ability :
                Abilities.all().entrySet()) {
            systems.forEach((system, platform) -> table.put(
                    ability.getKey(), "ours, " + system, ability.getValue().apply(platform)));
        }
        return table;
    }

    /** Our truth, with what the page alone knows: other columns, and rows of what only others have. */
    private static MarkdownTable merged(MarkdownTable page, MarkdownTable truth) {
        MarkdownTable merged = new MarkdownTable(truth.columns());
        Set<String> rows = new LinkedHashSet<>(page.rows());
        rows.addAll(truth.rows());
        for (String row : rows) {
            for (String column : truth.columns().subList(1, truth.columns().size())) {
                String known = truth.get(row, column);
                String told = page.get(row, column);
                boolean ours = column.startsWith("ours");
                merged.put(row, column, !known.isEmpty() ? known : ours ? "–" : told.isEmpty() ? "?" : told);
            }
        }
        return merged;
    }
}
