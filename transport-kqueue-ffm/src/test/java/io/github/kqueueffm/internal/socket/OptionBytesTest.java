// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.socket;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.kqueueffm.AcceptFilter;
import io.github.kqueueffm.internal.platform.CFunction;
import io.github.kqueueffm.internal.platform.Platform;
import io.github.kqueueffm.internal.platform.Targets;
import io.github.kqueueffm.internal.platform.oracle.StructImage;
import io.github.kqueueffm.testing.MemoryCalls;
import io.netty.channel.socket.SocketProtocolFamily;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.AlphaChars;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.StringLength;
import net.jqwik.api.domains.Domain;
import net.jqwik.api.domains.DomainContext;

/** The structs that socket options take and give, and that of connectx(2), of every system, byte by byte. */
@Domain(Targets.class)
@Domain(DomainContext.Global.class)
class OptionBytesTest {

    private static final int FD = 77;

    private static byte[] bytes(ByteBuffer value) {
        byte[] bytes = new byte[value.remaining()];
        value.duplicate().get(bytes);
        return bytes;
    }

    private static Inet4Address address4(byte[] ip) throws UnknownHostException {
        return (Inet4Address) InetAddress.getByAddress(ip);
    }

    private static Inet6Address address6(byte[] ip) throws UnknownHostException {
        return Inet6Address.getByAddress(null, ip, -1);
    }

    @Property
    void linger(@ForAll Platform platform, @ForAll @IntRange(min = -1, max = 30_000) int seconds) throws IOException {
        byte[] expected = StructImage.of(platform, "linger")
                .put("l_onoff", seconds < 0 ? 0 : 1)
                .put("l_linger", Math.max(seconds, 0))
                .bytes();
        MemoryCalls calls = new MemoryCalls(platform);
        calls.on("setsockopt", arguments -> {
            assertThat(arguments[1]).isEqualTo(platform.socket().SOL_SOCKET());
            assertThat(arguments[2]).isEqualTo(platform.socket().SO_LINGER_SECONDS());
            assertThat(arguments[4]).isEqualTo(expected.length);
            assertThat(calls.read((long) arguments[3], expected.length))
                    .as(platform.id())
                    .isEqualTo(expected);
            return 0;
        });
        calls.on("getsockopt", arguments -> {
            assertThat(calls.read((long) arguments[4], Integer.BYTES))
                    .isEqualTo(ByteBuffer.allocate(Integer.BYTES)
                            .order(ByteOrder.nativeOrder())
                            .putInt(expected.length)
                            .array());
            calls.write((long) arguments[3], expected);
            return 0;
        });
        NativeSocket socket = new NativeSocket(calls.binding(), FD, SocketProtocolFamily.INET);
        socket.setOption(SocketOption.SO_LINGER, seconds);
        assertThat(socket.option(SocketOption.SO_LINGER)).isEqualTo(seconds);
    }

    @Property
    void membership4(
            @ForAll Platform platform,
            @ForAll @Size(4) byte[] group,
            @ForAll @Size(4) byte[] networkInterface,
            @ForAll @Size(4) byte[] source)
            throws UnknownHostException {
        MulticastCodec codec = new MulticastCodec(platform);
        assertThat(bytes(codec.request4(address4(group), address4(networkInterface))))
                .as(platform.id())
                .isEqualTo(StructImage.of(platform, "ip_mreq")
                        .put("imr_multiaddr", group)
                        .put("imr_interface", networkInterface)
                        .bytes());
        if (Platform.has(platform.multicastStructs().mreqSourceSize())) {
            assertThat(bytes(codec.request4(address4(group), address4(networkInterface), address4(source))))
                    .as(platform.id())
                    .isEqualTo(StructImage.of(platform, "ip_mreq_source")
                            .put("imr_multiaddr", group)
                            .put("imr_interface", networkInterface)
                            .put("imr_sourceaddr", source)
                            .bytes());
        }
    }

    @Property
    void membership6(
            @ForAll Platform platform,
            @ForAll @Size(16) byte[] group,
            @ForAll @IntRange(max = 1000) int index,
            @ForAll @Size(16) byte[] source)
            throws UnknownHostException {
        MulticastCodec codec = new MulticastCodec(platform);
        assertThat(bytes(codec.request6(address6(group), index)))
                .as(platform.id())
                .isEqualTo(StructImage.of(platform, "ipv6_mreq")
                        .put("ipv6mr_multiaddr", group)
                        .put("ipv6mr_interface", index)
                        .bytes());
        if (Platform.has(platform.multicastStructs().groupSourceReqSize())) {
            assertThat(bytes(codec.request6(address6(group), index, address6(source))))
                    .as(platform.id())
                    .isEqualTo(StructImage.of(platform, "group_source_req")
                            .put("gsr_interface", index)
                            .put("gsr_group", in6(platform, group))
                            .put("gsr_source", in6(platform, source))
                            .bytes());
        }
    }

    private static StructImage in6(Platform platform, byte[] ip) {
        StructImage image = StructImage.of(platform, "sockaddr_in6")
                .put("sin6_family", platform.socket().AF_INET6())
                .put("sin6_addr", ip);
        return image.has("sin6_len") ? image.put("sin6_len", image.size()) : image;
    }

    /** In the byte order of the architecture. */
    @Property
    void credentials(
            @ForAll Platform platform,
            @ForAll @IntRange(min = 1) int pid,
            @ForAll int uid,
            @ForAll @Size(min = 1, max = 16) List<Integer> gids) {
        ByteOrder order = Targets.byteOrder(platform);
        String struct = List.of("ucred", "unpcbid", "sockpeercred", "xucred").stream()
                .filter(name -> StructImage.exists(platform, name))
                .findFirst()
                .orElseThrow();
        StructImage image = StructImage.of(platform, struct, order);
        boolean grouped = struct.equals("xucred");
        String prefix = grouped ? "cr_" : struct.equals("unpcbid") ? "unp_e" : "";
        image.put(prefix + "uid", uid);
        if (grouped) {
            ByteBuffer list = ByteBuffer.allocate(gids.size() * Integer.BYTES).order(order);
            gids.forEach(list::putInt);
            image.put("cr_ngroups", gids.size()).put("cr_groups", list.array());
        } else {
            image.put(prefix + "gid", gids.get(0));
        }
        String pidMember = grouped ? "cr_pid__c_anonymous_union" : struct.equals("unpcbid") ? "unp_pid" : "pid";
        boolean tellsPid = image.has(pidMember);
        if (tellsPid) {
            image.put(pidMember, pid);
        }
        assertThat(platform.credentials().size()).isEqualTo(image.size());
        Credentials decoded = CredentialsCodec.decode(
                platform.credentials(), ByteBuffer.wrap(image.bytes()).order(order), 0);
        assertThat(decoded.pid()).as(platform.id()).isEqualTo(tellsPid ? pid : 0);
        assertThat(decoded.uid()).as(platform.id()).isEqualTo(uid);
        assertThat(decoded.gids())
                .as(platform.id())
                .containsExactly((grouped ? gids : gids.subList(0, 1))
                        .stream().mapToInt(Integer::intValue).toArray());
    }

    @Property
    void acceptFilter(
            @ForAll Platform platform,
            @ForAll @AlphaChars @StringLength(min = 1, max = 15) String name,
            @ForAll @AlphaChars @StringLength(max = 239) String argument) {
        if (!AcceptFilterCodec.isSupported(platform)) {
            return;
        }
        byte[] expected = StructImage.of(platform, "accept_filter_arg")
                .put("af_name", name.getBytes(StandardCharsets.UTF_8))
                .put("af_arg", argument.getBytes(StandardCharsets.UTF_8))
                .bytes();
        AcceptFilterCodec codec = new AcceptFilterCodec(platform);
        assertThat(codec.encode(new AcceptFilter(name, argument)).array())
                .as(platform.id())
                .isEqualTo(expected);
        assertThat(codec.decode(ByteBuffer.wrap(expected))).isEqualTo(new AcceptFilter(name, argument));
    }

    /** connectx(2), where there is one. */
    @Property
    void endpoints(
            @ForAll Platform platform,
            @ForAll long sockaddr,
            @ForAll @IntRange(min = 1, max = 128) int length,
            @ForAll long data,
            @ForAll @IntRange(min = 1) int size,
            @ForAll @LongRange(min = 1, max = 1000) long taken) {
        if (platform.symbol(CFunction.CONNECTX) == null) {
            return;
        }
        byte[] endpoints = StructImage.of(platform, "sa_endpoints_t")
                .put("sae_dstaddr", sockaddr)
                .put("sae_dstaddrlen", length)
                .bytes();
        byte[] iovec = StructImage.of(platform, "iovec")
                .put("iov_base", data)
                .put("iov_len", size)
                .bytes();
        MemoryCalls calls = new MemoryCalls(platform).on("sendto", arguments -> -1);
        calls.on("connectx", arguments -> {
            assertThat(calls.read((long) arguments[1], endpoints.length))
                    .as(platform.id())
                    .isEqualTo(endpoints);
            assertThat(calls.read((long) arguments[4], iovec.length))
                    .as(platform.id())
                    .isEqualTo(iovec);
            calls.write(
                    (long) arguments[6],
                    ByteBuffer.allocate(Long.BYTES)
                            .order(ByteOrder.nativeOrder())
                            .putLong(taken)
                            .array());
            return 0;
        });
        FastOpen fastOpen = FastOpen.of(calls.binding());
        assertThat(fastOpen).isNotNull();
        assertThat(fastOpen.connect(FD, sockaddr, length, data, size)).isEqualTo(taken);
    }
}
