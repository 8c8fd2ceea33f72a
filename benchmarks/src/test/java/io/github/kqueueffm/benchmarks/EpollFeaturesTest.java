// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.Channel;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.EpollDomainDatagramChannel;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** That docs/features.md is right about the options of Netty's epoll transport, whose binaries this module has. */
@EnabledOnOs(OS.LINUX)
class EpollFeaturesTest {

    /** Which cell of a row is epoll's. */
    private static final int EPOLL = 3;

    @BeforeAll
    static void loadEpoll() {
        // Its channels do not do that by themselves.
        Epoll.ensureAvailability();
    }

    static Stream<Arguments> channels() {
        return Stream.of(
                of("KQueueSocketChannel", EpollSocketChannel::new),
                of("KQueueServerSocketChannel", EpollServerSocketChannel::new),
                of("KQueueDatagramChannel", EpollDatagramChannel::new),
                of("KQueueDomainSocketChannel", EpollDomainSocketChannel::new),
                of("KQueueServerDomainSocketChannel", EpollServerDomainSocketChannel::new),
                of("KQueueDomainDatagramChannel", EpollDomainDatagramChannel::new));
    }

    private static Arguments of(String heading, Supplier<Channel> channel) {
        return Arguments.of(heading, channel);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("channels")
    void columnIsTrue(String heading, Supplier<Channel> maker) throws IOException {
        Set<String> options;
        Channel channel = maker.get();
        try {
            options = names(channel);
        } finally {
            channel.unsafe().closeForcibly();
        }
        options.removeAll(names(new EmbeddedChannel()));
        // Of no meaning elsewhere, and deprecated.
        options.remove("EPOLL_MODE");
        if (options.remove("TCP_CORK")) {
            options.add("TCP_NOPUSH");
        }
        if (heading.equals("KQueueSocketChannel")) {
            // It can be set and read, but getOptions() leaves it out.
            options.add("TCP_USER_TIMEOUT");
        }
        assertThat(told(heading)).isEqualTo(options);
    }

    private static Set<String> names(Channel channel) {
        return channel.config().getOptions().keySet().stream()
                .map(option -> option.name().replaceFirst(".*#", ""))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** The options that the page says epoll has, in the table below {@code heading}. */
    private static Set<String> told(String heading) throws IOException {
        List<String> page = Files.readAllLines(Path.of("..", "docs", "features.md"));
        int start = page.indexOf("### " + heading);
        assertThat(start).as(heading).isNotNegative();
        return page.subList(start + 1, page.size()).stream()
                .takeWhile(line -> !line.startsWith("#"))
                .filter(line -> line.startsWith("|"))
                .skip(2)
                .map(line -> line.split("\\|", -1))
                .filter(cells -> cells[EPOLL].strip().equals("yes"))
                .map(cells -> cells[1].strip())
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
