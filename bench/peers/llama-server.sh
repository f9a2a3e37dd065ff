#!/bin/sh
# Builds llama.cpp's own server, the peer that bench measures text generation against, from the source package of
# llama_cpp_python on PyPI: static, without network client code, for this machine's processor.
#
#   bench/peers/llama-server.sh FOLDER
#
# Afterwards FOLDER/llama-server is the program. Running it again is free: a finished build is left alone.
# Needs pip, CMake and a C++ compiler; takes some twenty minutes of one core.
set -eu

version=0.3.36
sha256=832db0699007f1be95a7e41ef12e88926b02ba836461e36a36372db2760c1a2e

if [ $# -ne 1 ]; then
    echo "usage: $0 FOLDER" >&2
    exit 2
fi
mkdir -p "$1"
folder=$(cd "$1" && pwd)
stamp="$folder/llama-server.version"
if [ -x "$folder/llama-server" ] && [ "$(cat "$stamp" 2>/dev/null)" = "$version" ]; then
    exit 0
fi

archive="$folder/llama_cpp_python-$version.tar.gz"
if [ ! -f "$archive" ]; then
    pip download --no-binary llama_cpp_python --no-deps --dest "$folder" "llama_cpp_python==$version"
fi
echo "$sha256  $archive" | sha256sum --check --quiet -

source="$folder/source"
if [ ! -f "$source/vendor/llama.cpp/CMakeLists.txt" ]; then
    mkdir -p "$source"
    tar -xzf "$archive" -C "$source" --strip-components=1
fi
cmake -S "$source/vendor/llama.cpp" -B "$folder/build" \
    -DCMAKE_BUILD_TYPE=Release -DBUILD_SHARED_LIBS=OFF -DGGML_NATIVE=ON \
    -DLLAMA_OPENSSL=OFF -DLLAMA_BUILD_UI=OFF -DLLAMA_USE_PREBUILT_UI=OFF \
    -DLLAMA_BUILD_TESTS=OFF -DLLAMA_BUILD_EXAMPLES=OFF -DLLAMA_BUILD_APP=OFF
nice -n 19 cmake --build "$folder/build" --target llama-server --parallel "${OUTCROP_BUILD_JOBS:-2}"
cp "$folder/build/bin/llama-server" "$folder/llama-server"
echo "$version" >"$stamp"
