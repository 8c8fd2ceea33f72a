// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.platform.oracle;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** As much of Rust as the libc crate is written in. */
class RustCrateTest {

    @TempDir
    Path folder;

    private RustCrate crate(String os, String arch, Map<String, String> files) throws IOException {
        for (Map.Entry<String, String> file : files.entrySet()) {
            Path path = folder.resolve("src").resolve(file.getKey());
            Files.createDirectories(path.getParent());
            Files.writeString(path, file.getValue());
        }
        return RustCrate.read(folder, new RustTarget(os, arch, "gnu", false, Set.of("freebsd13")), "rust");
    }

    private RustCrate crate(String lib) throws IOException {
        return crate("linux", "x86_64", Map.of("lib.rs", lib));
    }

    @Test
    void constants() throws IOException {
        RustCrate crate = crate("""
                //! A crate
                #![no_std]
                /* not this: pub const A: i32 = 2; */
                pub const A: ::c_int = 0x7f_u32 as ::c_int; // nor = this
                pub const B: c_int = (A + 1) << 2 | 3 & !1;
                pub const C: u32 = !0;
                pub const D: c_uint = -1i32 as u32;
                pub const E: usize = ::mem::size_of::<::c_long>() - 1;
                pub const F: *mut c_void = 0 as *mut c_void;
                pub const G: fd_set = fd_set { bits: [0; 4] };
                pub const H: c_int = 0o17 - 0b11;
                const fn CMSG(a: usize) -> usize { a + 1 }
                pub const I: c_int = CMSG(2);
                pub type c_long = i64;
                """);
        assertThat(crate.constant("A")).isEqualTo(0x7f);
        assertThat(crate.constant("B")).isEqualTo(0x80 << 2 | 2);
        assertThat(crate.constant("C")).isEqualTo(-1);
        assertThat(crate.constant("D")).isEqualTo(0xffff_ffffL);
        assertThat(crate.constant("E")).isEqualTo(7);
        assertThat(crate.constant("G")).isNull();
        assertThat(crate.constant("H")).isEqualTo(12);
        assertThat(crate.constant("I")).as("no function is run").isNull();
        assertThat(crate.constant("NONE")).isNull();
    }

    @Test
    void structs() throws IOException {
        RustCrate crate = crate("""
                pub type c_int = i32;
                pub type pair_t = pair;
                s! {
                    pub struct pair { pub a: u8, pub b: ::c_int }
                    #[repr(packed(4))]
                    pub struct packed { pub a: u32, #[cfg(unix)] pub b: *const ::c_void, #[cfg(windows)] pub c: u64 }
                    pub struct whole {
                        pub first: u16,
                        pub pairs: [pair_t; 2 + 1],
                        pub callback: ::Option<unsafe extern "C" fn(a: c_int, b: *mut pair) -> c_int>,
                        __unused: [u8; 3],
                    }
                }
                s_no_extra_traits! {
                    #[cfg_attr(target_arch = "x86_64", repr(packed))]
                    pub struct event { pub events: u32, pub data: u64 }
                    #[cfg_attr(unix, repr(align(8)))]
                    pub struct wide { pub a: u8 }
                    pub union either { pub a: u16, pub b: [u8; 5] }
                }
                pub struct opaque { pub a: unknown_t }
                """);
        assertThat(crate.struct("pair_t")).isEqualTo(crate.struct("pair"));
        assertThat(crate.struct("pair").size()).isEqualTo(8);
        assertThat(crate.struct("pair").member("b").offset()).isEqualTo(4);
        assertThat(crate.struct("packed").size()).isEqualTo(12);
        assertThat(crate.struct("packed").member("c")).isNull();
        CStruct whole = crate.struct("whole");
        assertThat(whole.member("pairs")).isEqualTo(new CStruct.Member(4, 24));
        assertThat(whole.member("callback")).isEqualTo(new CStruct.Member(32, 8));
        assertThat(whole.member("__unused")).isEqualTo(new CStruct.Member(40, 3));
        assertThat(whole.size()).isEqualTo(48);
        assertThat(crate.struct("event").size()).isEqualTo(12);
        assertThat(crate.struct("wide").size()).isEqualTo(8);
        assertThat(crate.struct("either").size()).isEqualTo(6);
        assertThat(crate.struct("opaque")).isNull();
        assertThat(crate.struct("none")).isNull();
    }

    /** Only what holds for the target counts, in modules that only some targets have. */
    @Test
    void conditions() throws IOException {
        Map<String, String> files = Map.of(
                "lib.rs", """
                cfg_if! {
                    if #[cfg(windows)] {
                        mod absent;
                    } else if #[cfg(all(unix, not(target_os = "haiku")))] {
                        mod unix;
                        pub use unix::*;
                    } else {
                        pub const A: i32 = 0;
                    }
                }
                """, "unix/mod.rs", """
                #[cfg(any(target_os = "netbsd", target_arch = "aarch64"))]
                mod netbsd;
                #[cfg(not(target_os = "netbsd"))]
                pub const A: i32 = 1;
                extern "C" {
                    #[cfg_attr(all(target_os = "macos", target_arch = "x86"), link_name = "old")]
                    #[cfg_attr(target_os = "netbsd", link_name = "__socket30")]
                    pub fn socket(domain: ::c_int, f: extern fn(a: i32) -> i32) -> ::c_int;
                    #[cfg(target_os = "macos")]
                    pub fn connectx(a: i32) -> i32;
                }
                pub unsafe fn helper(a: i32) -> i32 { a }
                unsafe extern "C" {
                    pub safe fn getpid() -> i32;
                }
                #[cfg(freebsd13)]
                pub const R: i32 = 13;
                """, "unix/netbsd.rs", "pub const A: i32 = 2;\npub const B: i32 = A;");
        RustCrate netbsd = crate("netbsd", "x86_64", files);
        assertThat(netbsd.constant("B")).isEqualTo(2);
        assertThat(netbsd.constant("R")).isEqualTo(13);
        assertThat(netbsd.symbol("socket")).isEqualTo("__socket30");
        assertThat(netbsd.symbol("connectx")).isNull();
        assertThat(netbsd.symbol("getpid")).isEqualTo("getpid");
        RustCrate mac = crate("macos", "x86_64", files);
        assertThat(mac.constant("A")).isEqualTo(1);
        assertThat(mac.constant("B")).isNull();
        assertThat(mac.symbol("socket")).isEqualTo("socket");
        assertThat(mac.symbol("connectx")).isEqualTo("connectx");
    }
}
