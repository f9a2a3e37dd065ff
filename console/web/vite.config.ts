import react from "@vitejs/plugin-react";
import { createHash } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { defineConfig, type Plugin } from "vite";

/** Makes files of the fonts inside style sheets, so that a browser fetches the weights that it shows and no others. */
function fontFiles(): Plugin {
  return {
    name: "font-files",
    apply: "build",
    generateBundle(_, bundle) {
      for (const file of Object.values(bundle)) {
        if (file.type === "asset" && file.fileName.endsWith(".css")) {
          const sheet = typeof file.source === "string" ? file.source : Buffer.from(file.source).toString("utf8");
          file.source = sheet.replace(/url\(["']?data:font\/woff2;base64,([^"')]+)["']?\)/g, (_whole, font: string) => {
            const source = Buffer.from(font, "base64");
            const name = `assets/font-${createHash("sha256").update(source).digest("hex").slice(0, 8)}.woff2`;
            this.emitFile({ type: "asset", fileName: name, source });
            return `url(/console/${name})`;
          });
        }
      }
    },
  };
}

/** Puts a compressed copy beside each file that compressing makes smaller, so that the server never compresses. */
function compressed(): Plugin {
  return {
    name: "compressed",
    apply: "build",
    // After everything else: other plugins still change files while the bundle is put together.
    async writeBundle({ dir = "." }, bundle) {
      for (const name of Object.keys(bundle)) {
        const content = await readFile(join(dir, name));
        const gzip = gzipSync(content, { level: 9 });
        if (gzip.length < content.length * 0.9) {
          await writeFile(join(dir, `${name}.gz`), gzip);
        }
      }
    },
  };
}

export default defineConfig({
  base: "/console/",
  // While developing, everything but the pages is the server's.
  server: { proxy: { "^/(?!console)": process.env["OUTCROP_ENDPOINT"] ?? "http://127.0.0.1:4566" } },
  plugins: [react(), fontFiles(), compressed()],
  build: {
    outDir: "../target/classes/dev/outcrop/console/web",
    emptyOutDir: true,
    // Fonts and pictures are files of their own, since the page's policy lets it load nothing from data URLs.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
});
