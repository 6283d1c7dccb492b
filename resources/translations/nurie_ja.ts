<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="ja" sourcelanguage="en">
<context>
    <name>AboutDialog</name>
    <message>
        <source>About Nurie</source>
        <translation>Nurie について</translation>
    </message>
    <message>
        <source>&lt;h3&gt;Nurie {version}&lt;/h3&gt;&lt;p&gt;Colors line art like your reference pictures, on your own computer.&lt;br&gt;No picture leaves it.&lt;/p&gt;&lt;p&gt;Nurie is free software under the Apache License 2.0.&lt;br&gt;Each model has a license of its own, shown beside its name.&lt;/p&gt;&lt;p&gt;Python {python} · Qt for Python {qt}&lt;/p&gt;</source>
        <translation>&lt;h3&gt;Nurie {version}&lt;/h3&gt;&lt;p&gt;参照画像に合わせて線画を着色します。処理はすべてこのコンピューター上で行い、&lt;br&gt;画像が外部に送られることはありません。&lt;/p&gt;&lt;p&gt;Nurie は Apache License 2.0 のフリーソフトウェアです。&lt;br&gt;モデルのライセンスはそれぞれ異なり、モデル名の近くに表示されます。&lt;/p&gt;&lt;p&gt;Python {python} · Qt for Python {qt}&lt;/p&gt;</translation>
    </message>
</context>
<context>
    <name>Actions</name>
    <message>
        <source>Choose color pictures to take colors from</source>
        <translation>色を取り出すカラー画像を選びます</translation>
    </message>
    <message>
        <source>Try the Sa&amp;mple</source>
        <translation>サンプルを試す(&amp;M)</translation>
    </message>
    <message>
        <source>Load a drawing and a reference that come with Nurie</source>
        <translation>Nurie に付属の線画と参照画像を読み込みます</translation>
    </message>
    <message>
        <source>&amp;New Project</source>
        <translation>新規プロジェクト(&amp;N)</translation>
    </message>
    <message>
        <source>Begin with an empty project</source>
        <translation>空のプロジェクトを作成します</translation>
    </message>
    <message>
        <source>&amp;Save Project</source>
        <translation>プロジェクトを保存(&amp;S)</translation>
    </message>
    <message>
        <source>Save drawings, references, palette, corrections and results in one file</source>
        <translation>線画・参照画像・パレット・修正・着色結果を 1 つのファイルに保存します</translation>
    </message>
    <message>
        <source>Save Project &amp;As…</source>
        <translation>プロジェクトを別名で保存(&amp;A)…</translation>
    </message>
    <message>
        <source>Save the project under another name</source>
        <translation>プロジェクトを別の名前で保存します</translation>
    </message>
    <message>
        <source>&amp;Export Picture</source>
        <translation>画像を書き出し(&amp;E)</translation>
    </message>
    <message>
        <source>Save the colored picture, flattened or in layers; the button can be dragged out</source>
        <translation>着色した画像を、統合してまたはレイヤーのまま保存します。ボタンは外へドラッグできます</translation>
    </message>
    <message>
        <source>Export Picture As…</source>
        <translation>画像を別名で書き出し…</translation>
    </message>
    <message>
        <source>&amp;Undo</source>
        <translation>元に戻す(&amp;U)</translation>
    </message>
    <message>
        <source>Take back the last step</source>
        <translation>直前の操作を取り消します</translation>
    </message>
    <message>
        <source>&amp;Redo</source>
        <translation>やり直し(&amp;R)</translation>
    </message>
    <message>
        <source>Take the step again that was taken back last</source>
        <translation>取り消した操作をやり直します</translation>
    </message>
    <message>
        <source>Remove &amp;Drawing</source>
        <translation>線画を削除(&amp;D)</translation>
    </message>
    <message>
        <source>Take the drawing that is shown out of the project</source>
        <translation>表示中の線画をプロジェクトから取り除きます</translation>
    </message>
    <message>
        <source>Use for &amp;All Drawings</source>
        <translation>すべての線画で使う(&amp;A)</translation>
    </message>
    <message>
        <source>Let the references that are for this drawing alone count for every drawing</source>
        <translation>この線画だけの参照画像を、すべての線画で使うようにします</translation>
    </message>
    <message>
        <source>No reference is for this drawing alone.</source>
        <translation>この線画だけの参照画像はありません。</translation>
    </message>
    <message>
        <source>&amp;Only for This Drawing</source>
        <translation>この線画だけで使う(&amp;O)</translation>
    </message>
    <message>
        <source>Let the selected references count for this drawing and no other</source>
        <translation>選択した参照画像を、この線画だけで使うようにします</translation>
    </message>
    <message>
        <source>Select a reference that counts for other drawings, too.</source>
        <translation>ほかの線画でも使われている参照画像を選択してください。</translation>
    </message>
    <message>
        <source>Nex&amp;t Drawing</source>
        <translation>次の線画(&amp;T)</translation>
    </message>
    <message>
        <source>Previous Dra&amp;wing</source>
        <translation>前の線画(&amp;W)</translation>
    </message>
    <message>
        <source>Show the next drawing of the project</source>
        <translation>プロジェクトの次の線画を表示します</translation>
    </message>
    <message>
        <source>There is but one drawing in the project.</source>
        <translation>プロジェクトの線画は 1 枚だけです。</translation>
    </message>
    <message>
        <source>Show the drawing of the project before this one</source>
        <translation>プロジェクトの前の線画を表示します</translation>
    </message>
    <message>
        <source>Color All Dra&amp;wings</source>
        <translation>すべての線画を着色(&amp;W)</translation>
    </message>
    <message>
        <source>Color every drawing of the project that has no colors yet, one after another</source>
        <translation>まだ着色していない線画を順番に着色します</translation>
    </message>
    <message>
        <source>Every drawing that has references is colored.</source>
        <translation>参照画像のある線画はすべて着色済みです。</translation>
    </message>
    <message>
        <source>Color a drawing first.</source>
        <translation>先に線画を着色してください。</translation>
    </message>
    <message>
        <source>Save the colored picture under another name</source>
        <translation>着色した画像を別の名前で保存します</translation>
    </message>
    <message>
        <source>&amp;Batch Export…</source>
        <translation>一括書き出し(&amp;B)…</translation>
    </message>
    <message>
        <source>Color a folder of drawings into another folder</source>
        <translation>フォルダー内の線画をまとめて着色し、別のフォルダーに書き出します</translation>
    </message>
    <message>
        <source>Color the frames of an animation from a few colored ones</source>
        <translation>数枚の着色済みフレームから、アニメーションのすべてのフレームを着色します</translation>
    </message>
    <message>
        <source>&amp;Quit</source>
        <translation>終了(&amp;Q)</translation>
    </message>
    <message>
        <source>Close Nurie</source>
        <translation>Nurie を終了します</translation>
    </message>
    <message>
        <source>&amp;Paste as Drawing</source>
        <translation>線画として貼り付け(&amp;P)</translation>
    </message>
    <message>
        <source>Take the picture on the clipboard as the drawing</source>
        <translation>クリップボードの画像を線画として開きます</translation>
    </message>
    <message>
        <source>Paste as R&amp;eference</source>
        <translation>参照画像として貼り付け(&amp;E)</translation>
    </message>
    <message>
        <source>Take colors from the picture on the clipboard</source>
        <translation>クリップボードの画像から色を取り出します</translation>
    </message>
    <message>
        <source>&amp;Copy Picture</source>
        <translation>画像をコピー(&amp;C)</translation>
    </message>
    <message>
        <source>Copy the colored picture to the clipboard</source>
        <translation>着色した画像をクリップボードにコピーします</translation>
    </message>
    <message>
        <source>Re&amp;move Reference</source>
        <translation>参照画像を外す(&amp;M)</translation>
    </message>
    <message>
        <source>Take no more colors from the selected references</source>
        <translation>選択した参照画像を使わないようにします</translation>
    </message>
    <message>
        <source>Take the selected sheets as they are, instead of cutting them into their figures</source>
        <translation>選択した設定画を人物ごとに切り分けず、そのまま使います</translation>
    </message>
    <message>
        <source>Select a reference that is a sheet of several figures first.</source>
        <translation>先に、複数の人物が描かれた設定画を選択してください。</translation>
    </message>
    <message>
        <source>&amp;Color Now</source>
        <translation>今すぐ着色(&amp;C)</translation>
    </message>
    <message>
        <source>Color the drawing from the references</source>
        <translation>参照画像の色で線画を着色します</translation>
    </message>
    <message>
        <source>Open a drawing and add a reference first.</source>
        <translation>先に線画を開き、参照画像を追加してください。</translation>
    </message>
    <message>
        <source>Color &amp;Automatically</source>
        <translation>自動で着色(&amp;A)</translation>
    </message>
    <message>
        <source>Color whenever the drawing, the references or the lines change</source>
        <translation>線画・参照画像・線の設定が変わるたびに着色します</translation>
    </message>
    <message>
        <source>&amp;Load Palette…</source>
        <translation>パレットを読み込む(&amp;L)…</translation>
    </message>
    <message>
        <source>Lock the colors to a palette from a file (.gpl, .ase, .aco)</source>
        <translation>ファイルから読み込んだパレットに色を固定します（.gpl、.ase、.aco）</translation>
    </message>
    <message>
        <source>Sa&amp;ve Palette…</source>
        <translation>パレットを保存(&amp;V)…</translation>
    </message>
    <message>
        <source>Save the palette for other programs (.gpl, .ase, .aco)</source>
        <translation>他のソフトで使えるようにパレットを保存します（.gpl、.ase、.aco）</translation>
    </message>
    <message>
        <source>Color a drawing with its palette locked first.</source>
        <translation>先に、パレットを固定した状態で線画を着色してください。</translation>
    </message>
    <message>
        <source>Palette &amp;From References</source>
        <translation>参照画像のパレットに戻す(&amp;F)</translation>
    </message>
    <message>
        <source>Go back to the colors of the references, without edits</source>
        <translation>編集を取り消し、参照画像から取り出した色に戻します</translation>
    </message>
    <message>
        <source>These are the references&apos; own colors.</source>
        <translation>すでに参照画像から取り出した色です。</translation>
    </message>
    <message>
        <source>&amp;Stop</source>
        <translation>中止(&amp;S)</translation>
    </message>
    <message>
        <source>Stop what is being done</source>
        <translation>実行中の処理を中止します</translation>
    </message>
    <message>
        <source>C&amp;olors</source>
        <translation>着色結果(&amp;O)</translation>
    </message>
    <message>
        <source>Show the colored picture</source>
        <translation>着色した画像を表示します</translation>
    </message>
    <message>
        <source>Line&amp;s</source>
        <translation>線(&amp;S)</translation>
    </message>
    <message>
        <source>&amp;Compare</source>
        <translation>比較(&amp;C)</translation>
    </message>
    <message>
        <source>Figure</source>
        <translation>人物</translation>
    </message>
    <message>
        <source>Show the lines alone</source>
        <translation>線だけを表示します</translation>
    </message>
    <message>
        <source>&amp;Open…</source>
        <translation>開く(&amp;O)…</translation>
    </message>
    <message>
        <source>Open a project, or add drawings to this one</source>
        <translation>プロジェクトを開くか、このプロジェクトに線画を追加します</translation>
    </message>
    <message>
        <source>Add Re&amp;ferences…</source>
        <translation>参照画像を追加(&amp;F)…</translation>
    </message>
    <message>
        <source>&amp;Color a Scene…</source>
        <translation>シーンを着色(&amp;C)…</translation>
    </message>
    <message>
        <source>Use as One P&amp;icture</source>
        <translation>1 枚の画像として使う(&amp;I)</translation>
    </message>
    <message>
        <source>Show lines and colors side by side, with a divider to drag</source>
        <translation>線と着色結果を、動かせる仕切り線で分けて表示します</translation>
    </message>
    <message>
        <source>&amp;Regions</source>
        <translation>領域(&amp;R)</translation>
    </message>
    <message>
        <source>Show which areas between the lines are one region</source>
        <translation>線で区切られた範囲を領域ごとに塗り分けて表示します</translation>
    </message>
    <message>
        <source>Color a drawing with flats on first.</source>
        <translation>先に、下塗りをオンにして線画を着色してください。</translation>
    </message>
    <message>
        <source>Co&amp;nfidence</source>
        <translation>確信度(&amp;N)</translation>
    </message>
    <message>
        <source>Show how sure the color of each region is</source>
        <translation>各領域の色がどれくらい確かかを表示します</translation>
    </message>
    <message>
        <source>Show what is taken for the figure, for models that paint it apart; K corrects it</source>
        <translation>人物とみなした範囲を表示します。人物を分けて描くモデルで使い、K で修正できます</translation>
    </message>
    <message>
        <source>Find Figure Ane&amp;w</source>
        <translation>人物を検出し直す(&amp;W)</translation>
    </message>
    <message>
        <source>Forget the mask of the drawing&apos;s figure that was painted, and look for it</source>
        <translation>塗った人物マスクを捨てて、自動で検出し直します</translation>
    </message>
    <message>
        <source>&amp;Fit</source>
        <translation>全体表示(&amp;F)</translation>
    </message>
    <message>
        <source>Show the whole drawing</source>
        <translation>線画全体を表示します</translation>
    </message>
    <message>
        <source>&amp;Actual Size</source>
        <translation>等倍表示(&amp;A)</translation>
    </message>
    <message>
        <source>One pixel of the drawing on one pixel of the screen</source>
        <translation>線画の 1 ピクセルを画面の 1 ピクセルで表示します</translation>
    </message>
    <message>
        <source>Zoom &amp;In</source>
        <translation>拡大(&amp;I)</translation>
    </message>
    <message>
        <source>Nearer</source>
        <translation>表示を拡大します</translation>
    </message>
    <message>
        <source>Zoom O&amp;ut</source>
        <translation>縮小(&amp;U)</translation>
    </message>
    <message>
        <source>Farther</source>
        <translation>表示を縮小します</translation>
    </message>
    <message>
        <source>As the &amp;System</source>
        <translation>システムに合わせる(&amp;S)</translation>
    </message>
    <message>
        <source>Dark or light as the system is</source>
        <translation>システムの設定に合わせて明暗を切り替えます</translation>
    </message>
    <message>
        <source>&amp;Dark</source>
        <translation>ダーク(&amp;D)</translation>
    </message>
    <message>
        <source>Dark theme</source>
        <translation>暗い配色にします</translation>
    </message>
    <message>
        <source>&amp;Light</source>
        <translation>ライト(&amp;L)</translation>
    </message>
    <message>
        <source>Light theme</source>
        <translation>明るい配色にします</translation>
    </message>
    <message>
        <source>The system&apos;s language, or English where Nurie does not speak it</source>
        <translation>システムの言語で表示します。対応していない言語の場合は英語で表示します</translation>
    </message>
    <message>
        <source>&amp;Guide</source>
        <translation>ガイド(&amp;G)</translation>
    </message>
    <message>
        <source>Everything Nurie can do, in a window beside the drawing</source>
        <translation>Nurie でできることを、線画とは別のウィンドウに表示します</translation>
    </message>
    <message>
        <source>&amp;Keyboard Shortcuts…</source>
        <translation>キーボードショートカット(&amp;K)…</translation>
    </message>
    <message>
        <source>All keys, and other ones for what you do most</source>
        <translation>すべてのキーの一覧です。よく使う操作のキーを変更できます</translation>
    </message>
    <message>
        <source>Preferences…</source>
        <translation>環境設定…</translation>
    </message>
    <message>
        <source>Language, theme, folders, and how things are done</source>
        <translation>言語・テーマ・フォルダー・動作の設定</translation>
    </message>
    <message>
        <source>&amp;About Nurie</source>
        <translation>Nurie について(&amp;A)</translation>
    </message>
    <message>
        <source>Version and licenses</source>
        <translation>バージョンとライセンスを表示します</translation>
    </message>
    <message>
        <source>Color &amp;Hint</source>
        <translation>色ヒント(&amp;H)</translation>
    </message>
    <message>
        <source>Say which color a region has; outlined doubtful ones follow. Shift: only this one. Alt takes a color</source>
        <translation>領域の色を指定します。枠の付いた不確かな領域も同じ色になります。Shift: この領域だけ。Alt で色を拾います</translation>
    </message>
    <message>
        <source>P&amp;ick From Reference</source>
        <translation>参照画像から拾う(&amp;I)</translation>
    </message>
    <message>
        <source>Click a place in the reference view, then the regions that are this color</source>
        <translation>参照画像ビューで色を拾ってから、その色の領域をクリックします</translation>
    </message>
    <message>
        <source>&amp;Fill</source>
        <translation>塗りつぶし(&amp;F)</translation>
    </message>
    <message>
        <source>Fill a region with the current color, or many with a drag. Alt takes a color</source>
        <translation>領域を描画色で塗りつぶします。ドラッグで続けて塗れます。Alt で色を拾います</translation>
    </message>
    <message>
        <source>&amp;Split Regions</source>
        <translation>領域を分割(&amp;S)</translation>
    </message>
    <message>
        <source>Draw a stroke along which regions are cut</source>
        <translation>領域を切り分ける線を引きます</translation>
    </message>
    <message>
        <source>&amp;Merge Regions</source>
        <translation>領域を結合(&amp;M)</translation>
    </message>
    <message>
        <source>Drag from one region to another to make them one</source>
        <translation>ある領域から別の領域へドラッグして 1 つにします</translation>
    </message>
    <message>
        <source>Close a &amp;Gap</source>
        <translation>隙間を閉じる(&amp;G)</translation>
    </message>
    <message>
        <source>Draw a short line between two ends; it is not seen, but color stops there</source>
        <translation>線の端どうしを短い線でつなぎます。線は見えませんが、色はそこで止まります</translation>
    </message>
    <message>
        <source>Remove &amp;Correction</source>
        <translation>修正を削除(&amp;C)</translation>
    </message>
    <message>
        <source>Click a hint, a cut, a join or a closed gap to take it away</source>
        <translation>色ヒント・分割・結合・閉じた隙間をクリックして取り除きます</translation>
    </message>
    <message>
        <source>Mo&amp;ve</source>
        <translation>移動(&amp;V)</translation>
    </message>
    <message>
        <source>Push the drawing around</source>
        <translation>表示位置を動かします</translation>
    </message>
    <message>
        <source>Mas&amp;k Reference</source>
        <translation>参照画像をマスク(&amp;K)</translation>
    </message>
    <message>
        <source>Paint over the parts of a reference that are not to count</source>
        <translation>参照画像のうち、使わない部分を塗って隠します</translation>
    </message>
    <message>
        <source>Carry Corrections &amp;Over…</source>
        <translation>修正を他の線画にも適用(&amp;O)…</translation>
    </message>
    <message>
        <source>Color the matching regions of the project&apos;s other drawings, too</source>
        <translation>プロジェクトの他の線画の、対応する領域にも色を適用します</translation>
    </message>
    <message>
        <source>C&amp;lear Corrections</source>
        <translation>修正をすべて削除(&amp;L)</translation>
    </message>
    <message>
        <source>Take back all hints, fills, cuts, joins and closed gaps of this drawing</source>
        <translation>この線画の色ヒント・塗りつぶし・分割・結合・閉じた隙間をすべて取り消します</translation>
    </message>
    <message>
        <source>&amp;Beside Reference</source>
        <translation>参照画像と並べる(&amp;B)</translation>
    </message>
    <message>
        <source>Turn &amp;Left</source>
        <translation>左に回転(&amp;L)</translation>
    </message>
    <message>
        <source>Reset &amp;View</source>
        <translation>表示をリセット(&amp;V)</translation>
    </message>
    <message>
        <source>A&amp;dapt to These References</source>
        <translation>この参照画像で追加学習(&amp;D)</translation>
    </message>
    <message>
        <source>Let the model learn from the references for about a minute, and judge whether it helps</source>
        <translation>参照画像で約 1 分の追加学習を行い、効果があるかを判定します</translation>
    </message>
    <message>
        <source>This kind of model cannot be adapted; choose another one in the Color panel.</source>
        <translation>この種類のモデルは適応できません。「色」パネルで別のモデルを選んでください。</translation>
    </message>
    <message>
        <source>Add a reference first.</source>
        <translation>先に参照画像を追加してください。</translation>
    </message>
    <message>
        <source>Adapt to a C&amp;haracter…</source>
        <translation>キャラクターの追加学習(&amp;H)…</translation>
    </message>
    <message>
        <source>Let a model learn from pictures of one character, step by step</source>
        <translation>1 人のキャラクターの画像を、手順に沿ってモデルに学習させます</translation>
    </message>
    <message>
        <source>&amp;Models…</source>
        <translation>モデル(&amp;M)…</translation>
    </message>
    <message>
        <source>See which models there are, install one, delete an adapted one</source>
        <translation>モデルの一覧・インストール・追加学習モデルの削除を行います</translation>
    </message>
    <message>
        <source>C&amp;urrent Color…</source>
        <translation>描画色(&amp;U)…</translation>
    </message>
    <message>
        <source>Choose the color of hints and fills</source>
        <translation>色ヒントと塗りつぶしの色を選びます</translation>
    </message>
    <message>
        <source>Paint with a smaller brush</source>
        <translation>ブラシを小さくします</translation>
    </message>
    <message>
        <source>Paint with a larger brush</source>
        <translation>ブラシを大きくします</translation>
    </message>
    <message>
        <source>Give the current color to all regions that are selected</source>
        <translation>選択したすべての領域を描画色にします</translation>
    </message>
    <message>
        <source>Select every region that has the color of the selected ones, or else the current color</source>
        <translation>選択した領域と同じ色の領域をすべて選択します。選択がなければ描画色の領域を選択します</translation>
    </message>
    <message>
        <source>Select &amp;None</source>
        <translation>選択を解除(&amp;N)</translation>
    </message>
    <message>
        <source>Let nothing be selected</source>
        <translation>何も選択していない状態にします</translation>
    </message>
    <message>
        <source>Show the next place that is to be checked</source>
        <translation>確認が必要な次の場所を表示します</translation>
    </message>
    <message>
        <source>Smaller Brush</source>
        <translation>ブラシを小さく</translation>
    </message>
    <message>
        <source>Larger Brush</source>
        <translation>ブラシを大きく</translation>
    </message>
    <message>
        <source>Fill Selec&amp;tion</source>
        <translation>選択範囲を塗りつぶす(&amp;T)</translation>
    </message>
    <message>
        <source>Select All of This Color</source>
        <translation>同じ色をすべて選択</translation>
    </message>
    <message>
        <source>Ne&amp;xt to Check</source>
        <translation>次の要確認(&amp;X)</translation>
    </message>
    <message>
        <source>&amp;Right, Next</source>
        <translation>正しい、次へ(&amp;R)</translation>
    </message>
    <message>
        <source>What is looked at is right: never ask again, and show the next place</source>
        <translation>今見ている場所を正しいものとし、次の場所を表示します</translation>
    </message>
    <message>
        <source>Si&amp;de by Side</source>
        <translation>並べて比較(&amp;D)</translation>
    </message>
    <message>
        <source>Show lines at the left and colors at the right, moved together</source>
        <translation>左に線、右に着色結果を並べ、一緒に動かします</translation>
    </message>
    <message>
        <source>Show the selected reference at the left and colors at the right; a click there takes a color</source>
        <translation>左に選択した参照画像、右に着色結果を表示します。参照画像をクリックすると色を拾います</translation>
    </message>
    <message>
        <source>Blin&amp;k</source>
        <translation>交互に表示(&amp;K)</translation>
    </message>
    <message>
        <source>Show lines and colors in turn; holding B on the canvas shows the lines for a moment</source>
        <translation>線と着色結果を交互に表示します。キャンバスで B を押している間は線だけを表示します</translation>
    </message>
    <message>
        <source>Turn the view; R held on the canvas turns it with the mouse or the wheel</source>
        <translation>表示を回転します。キャンバスで R を押しながらマウスかホイールでも回転できます</translation>
    </message>
    <message>
        <source>Turn Ri&amp;ght</source>
        <translation>右に回転(&amp;G)</translation>
    </message>
    <message>
        <source>&amp;Mirror</source>
        <translation>左右反転(&amp;M)</translation>
    </message>
    <message>
        <source>Exchange left and right of the view, not of the drawing</source>
        <translation>表示だけを左右反転します。線画は変わりません</translation>
    </message>
    <message>
        <source>Upright, not mirrored, the whole drawing</source>
        <translation>回転と反転を解除し、全体を表示します</translation>
    </message>
    <message>
        <source>Hide the Panels</source>
        <translation>パネルを隠す</translation>
    </message>
    <message>
        <source>Leave the drawing alone on the screen; Tab on the canvas does it, too</source>
        <translation>線画だけを表示します。キャンバスで Tab を押しても切り替わります</translation>
    </message>
    <message>
        <source>Full Screen</source>
        <translation>全画面表示</translation>
    </message>
    <message>
        <source>Without title and frame</source>
        <translation>タイトルバーと枠を消します</translation>
    </message>
    <message>
        <source>Pi&amp;xel Grid</source>
        <translation>ピクセルグリッド(&amp;X)</translation>
    </message>
    <message>
        <source>Show a grid between pixels from 800 % on</source>
        <translation>800% 以上で、ピクセルの間にグリッドを表示します</translation>
    </message>
    <message>
        <source>Move the drawing</source>
        <translation>線画を動かす</translation>
    </message>
    <message>
        <source>Space and drag, middle button, arrow keys</source>
        <translation>Space+ドラッグ、中ボタン、矢印キー</translation>
    </message>
    <message>
        <source>Zoom</source>
        <translation>拡大・縮小</translation>
    </message>
    <message>
        <source>Wheel, Ctrl+Space and drag</source>
        <translation>ホイール、Ctrl+Space+ドラッグ</translation>
    </message>
    <message>
        <source>Turn</source>
        <translation>回転</translation>
    </message>
    <message>
        <source>Shift+Space and drag, R held</source>
        <translation>Shift+Space+ドラッグ、R を押しながら</translation>
    </message>
    <message>
        <source>Pick a color</source>
        <translation>色を拾う</translation>
    </message>
    <message>
        <source>Ctrl or Alt and click, right button</source>
        <translation>Ctrl か Alt+クリック、右ボタン</translation>
    </message>
    <message>
        <source>Before and after</source>
        <translation>着色前と後</translation>
    </message>
    <message>
        <source>B held</source>
        <translation>B を押している間</translation>
    </message>
    <message>
        <source>Hide the panels</source>
        <translation>パネルを隠す</translation>
    </message>
    <message>
        <source>Tab on the canvas</source>
        <translation>キャンバスで Tab</translation>
    </message>
    <message>
        <source>Use the tool in the middle</source>
        <translation>中央でツールを使う</translation>
    </message>
    <message>
        <source>Enter on the canvas</source>
        <translation>キャンバスで Enter</translation>
    </message>
    <message>
        <source>L&amp;asso Fill</source>
        <translation>投げ縄塗り(&amp;A)</translation>
    </message>
    <message>
        <source>Draw around regions to give all inside the current color</source>
        <translation>囲んだ内側の領域をすべて描画色にします</translation>
    </message>
    <message>
        <source>&amp;Paint Regions</source>
        <translation>領域をなぞって塗る(&amp;P)</translation>
    </message>
    <message>
        <source>Paint over regions to give them the current color; [ and ] change the brush</source>
        <translation>なぞった領域を描画色にします。[ と ] でブラシの大きさを変えます</translation>
    </message>
    <message>
        <source>S&amp;elect Regions</source>
        <translation>領域を選択(&amp;E)</translation>
    </message>
    <message>
        <source>Click regions or draw around them to select them; Shift adds</source>
        <translation>領域をクリックするか囲んで選択します。Shift で追加します</translation>
    </message>
    <message>
        <source>&amp;Draw a Region</source>
        <translation>領域を描く(&amp;D)</translation>
    </message>
    <message>
        <source>Draw an outline, or a stroke as wide as the brush, within a region; with Shift over all. [ ] resize</source>
        <translation>領域の中に輪郭か、ブラシ幅の線を描いて新しい領域にします。Shift で領域をまたぎます。[ ] で大きさを変えます</translation>
    </message>
</context>
<context>
    <name>BatchController</name>
    <message>
        <source>Writing down the references…</source>
        <translation>参照画像を書き出しています…</translation>
    </message>
    <message>
        <source>Writing the pictures…</source>
        <translation>画像を書き出しています…</translation>
    </message>
    <message>
        <source>Wrote {0} pictures.</source>
        <translation>画像を {0} 枚書き出しました。</translation>
    </message>
    <message>
        <source>{0} were there already and are left.</source>
        <translation>{0} 枚は既存のためスキップしました。</translation>
    </message>
    <message>
        <source>{0} drawings are not colored yet.</source>
        <translation>線画 {0} 枚はまだ着色されていません。</translation>
    </message>
</context>
<context>
    <name>BatchDialog</name>
    <message>
        <source>Batch Export</source>
        <translation>一括書き出し</translation>
    </message>
    <message>
        <source>Begin; the window can be used meanwhile</source>
        <translation>開始します。処理中もウィンドウを使えます</translation>
    </message>
    <message>
        <source>&amp;Start</source>
        <translation>開始(&amp;S)</translation>
    </message>
    <message>
        <source>Looking what there is to do…</source>
        <translation>処理する内容を調べています…</translation>
    </message>
</context>
<context>
    <name>BatchForm</name>
    <message>
        <source>Choose a folder of drawings, or drop one here.</source>
        <translation>線画のフォルダーを選ぶか、ここにドロップしてください。</translation>
    </message>
    <message>
        <source>Choose a folder for the pictures.</source>
        <translation>書き出し先のフォルダーを選んでください。</translation>
    </message>
    <message>
        <source>Which drawings to write</source>
        <translation>書き出す線画</translation>
    </message>
    <message>
        <source>A folder of drawings, to be colored</source>
        <translation>フォルダー内の線画を着色する</translation>
    </message>
    <message>
        <source>The drawings of this project, as they are colored ({0})</source>
        <translation>このプロジェクトの着色済みの線画 ({0})</translation>
    </message>
    <message>
        <source>Folder of drawings</source>
        <translation>線画のフォルダー</translation>
    </message>
    <message>
        <source>Choose a folder, or drop one here</source>
        <translation>フォルダーを選ぶか、ここにドロップ</translation>
    </message>
    <message>
        <source>&amp;Browse…</source>
        <translation>参照(&amp;B)…</translation>
    </message>
    <message>
        <source>Choose the folder of drawings</source>
        <translation>線画のフォルダーを選びます</translation>
    </message>
    <message>
        <source>The pictures lie in folders of the same names then</source>
        <translation>書き出し先にも同じ名前のフォルダーが作られます</translation>
    </message>
    <message>
        <source>Names of drawings</source>
        <translation>線画のファイル名</translation>
    </message>
    <message>
        <source>Only drawings whose names fit, such as page*.png</source>
        <translation>名前が一致する線画だけを処理します（例：page*.png）</translation>
    </message>
    <message>
        <source>Where the colors come from; a folder references or a nurie.toml beside drawings comes first</source>
        <translation>色の参照元を選びます。線画と同じ場所に references フォルダーか nurie.toml があれば、そちらを優先します</translation>
    </message>
    <message>
        <source>The window&apos;s references ({0})</source>
        <translation>ウィンドウの参照画像 ({0})</translation>
    </message>
    <message>
        <source>S&amp;ubfolders, too</source>
        <translation>サブフォルダーも(&amp;U)</translation>
    </message>
    <message>
        <source>Layers of layered drawings that are the line art</source>
        <translation>レイヤーのある線画のうち、線画として使うレイヤー</translation>
    </message>
    <message>
        <source>By their names; several with ; between</source>
        <translation>名前で指定します。複数は ; で区切ります</translation>
    </message>
    <message>
        <source>Layers of layered references that have the colors</source>
        <translation>レイヤーのある参照画像のうち、色を取り出すレイヤー</translation>
    </message>
    <message>
        <source>As they are shown; several with ; between</source>
        <translation>表示どおり。複数は ; で区切ります</translation>
    </message>
    <message>
        <source>Chosen pictures</source>
        <translation>選んだ画像</translation>
    </message>
    <message>
        <source>Only those beside the drawings</source>
        <translation>線画と同じ場所にあるものだけ</translation>
    </message>
    <message>
        <source>C&amp;hoose…</source>
        <translation>選択(&amp;H)…</translation>
    </message>
    <message>
        <source>Choose color pictures to take colors from</source>
        <translation>色を取り出すカラー画像を選びます</translation>
    </message>
    <message>
        <source>Which colors the drawings may take</source>
        <translation>線画に使う色の範囲</translation>
    </message>
    <message>
        <source>Of the references, the same in all pictures</source>
        <translation>参照画像の色（全画像で共通）</translation>
    </message>
    <message>
        <source>Of the references, each for itself</source>
        <translation>参照画像の色（画像ごと）</translation>
    </message>
    <message>
        <source>The window&apos;s palette</source>
        <translation>ウィンドウのパレット</translation>
    </message>
    <message>
        <source>Any color</source>
        <translation>すべての色</translation>
    </message>
    <message>
        <source>Folder for the pictures</source>
        <translation>書き出し先のフォルダー</translation>
    </message>
    <message>
        <source>It is made if there is none</source>
        <translation>なければ作成されます</translation>
    </message>
    <message>
        <source>Bro&amp;wse…</source>
        <translation>参照(&amp;W)…</translation>
    </message>
    <message>
        <source>Choose the folder for the pictures</source>
        <translation>書き出し先のフォルダーを選びます</translation>
    </message>
    <message>
        <source>What kind of files to write</source>
        <translation>書き出すファイルの形式</translation>
    </message>
    <message>
        <source>What to do where a picture of that name is there already</source>
        <translation>同じ名前の画像がすでにある場合の処理</translation>
    </message>
    <message>
        <source>Skip</source>
        <translation>スキップ</translation>
    </message>
    <message>
        <source>&amp;Go on with what is saved into the folder later</source>
        <translation>後からフォルダーに保存されたものも続けて着色(&amp;G)</translation>
    </message>
    <message>
        <source>Watches the folder: what any program saves there comes out colored a moment later, until you stop it</source>
        <translation>フォルダーを監視します。どのプログラムで保存したものも、止めるまで少し後に着色されます</translation>
    </message>
    <message>
        <source>If &amp;the file exists</source>
        <translation>ファイルがあるとき(&amp;T)</translation>
    </message>
    <message>
        <source>Replace it</source>
        <translation>上書き</translation>
    </message>
    <message>
        <source>Number the new one</source>
        <translation>番号を付けて保存</translation>
    </message>
    <message>
        <source>Write a re&amp;port with small pictures ({0})</source>
        <translation>サムネイル付きレポートを書き出す ({0})(&amp;P)</translation>
    </message>
    <message>
        <source>A page with line art, result, time and places to look at, for any browser</source>
        <translation>線画・着色結果・時間・要確認の箇所をまとめた、ブラウザーで開けるページです</translation>
    </message>
    <message>
        <source>&amp;Names</source>
        <translation>ファイル名(&amp;N)</translation>
    </message>
    <message>
        <source>E&amp;xport</source>
        <translation>書き出す対象(&amp;X)</translation>
    </message>
    <message>
        <source>&amp;Drawings</source>
        <translation>線画(&amp;D)</translation>
    </message>
    <message>
        <source>Line &amp;layers</source>
        <translation>線画のレイヤー(&amp;L)</translation>
    </message>
    <message>
        <source>&amp;Colors from</source>
        <translation>色の参照元(&amp;C)</translation>
    </message>
    <message>
        <source>Colo&amp;r layers</source>
        <translation>色のレイヤー(&amp;R)</translation>
    </message>
    <message>
        <source>P&amp;alette</source>
        <translation>パレット(&amp;A)</translation>
    </message>
    <message>
        <source>Pictures t&amp;o</source>
        <translation>書き出し先(&amp;O)</translation>
    </message>
    <message>
        <source>&amp;Format</source>
        <translation>形式(&amp;F)</translation>
    </message>
    <message>
        <source>{0} chosen</source>
        <translation>{0} 枚選択</translation>
    </message>
    <message>
        <source>{0} colored</source>
        <translation>{0} 着色</translation>
    </message>
    <message>
        <source>Pictures</source>
        <translation>画像</translation>
    </message>
    <message>
        <source>Take colors from</source>
        <translation>色の参照元</translation>
    </message>
</context>
<context>
    <name>BatchPresenter</name>
    <message>
        <source>not colored yet; show it, and it will be</source>
        <translation>未着色（表示すると着色されます）</translation>
    </message>
</context>
<context>
    <name>BatchPreview</name>
    <message>
        <source>Drawing</source>
        <translation>線画</translation>
    </message>
    <message>
        <source>Picture</source>
        <translation>画像</translation>
    </message>
    <message>
        <source>References</source>
        <translation>参照画像</translation>
    </message>
    <message>
        <source>What will be made</source>
        <translation>書き出される画像</translation>
    </message>
    <message>
        <source>No drawing yet; what is saved into the folder is colored.</source>
        <translation>まだ線画がありません。フォルダーに保存されると着色します。</translation>
    </message>
    <message>
        <source>panel {0}: {1}</source>
        <translation>コマ {0}: {1}</translation>
    </message>
    <message>
        <source>those of the window</source>
        <translation>ウィンドウのもの</translation>
    </message>
    <message>
        <source>and {0} more</source>
        <translation>ほか {0} 枚</translation>
    </message>
    <message>
        <source>{0} of {1} drawings are colored</source>
        <translation>線画 {1} 枚のうち {0} 枚が着色済み</translation>
    </message>
    <message>
        <source>No drawing of the project is colored yet.</source>
        <translation>着色済みの線画がまだありません。</translation>
    </message>
    <message>
        <source>{0} drawings</source>
        <translation>線画 {0} 枚</translation>
    </message>
    <message>
        <source>{0} are there already and are left</source>
        <translation>{0} 枚は既存のためスキップ</translation>
    </message>
    <message>
        <source>{0} are there already and are replaced</source>
        <translation>{0} 枚は既存のため上書き</translation>
    </message>
    <message>
        <source>{0} are there already, the new ones are numbered</source>
        <translation>{0} 枚は既存のため番号を付けて保存</translation>
    </message>
    <message>
        <source>{0} cannot be colored</source>
        <translation>{0} 枚は着色できません</translation>
    </message>
</context>
<context>
    <name>BatchProgress</name>
    <message>
        <source>Progress of the batch</source>
        <translation>一括処理の進み具合</translation>
    </message>
    <message>
        <source>The picture that was made last</source>
        <translation>最後に書き出した画像</translation>
    </message>
    <message>
        <source>Failed</source>
        <translation>失敗</translation>
    </message>
    <message>
        <source>Why</source>
        <translation>理由</translation>
    </message>
    <message>
        <source>Drawings that failed</source>
        <translation>失敗した線画</translation>
    </message>
    <message>
        <source>&amp;Pause</source>
        <translation>一時停止(&amp;P)</translation>
    </message>
    <message>
        <source>Pause, or go on</source>
        <translation>一時停止・再開</translation>
    </message>
    <message>
        <source>&amp;Stop</source>
        <translation>中止(&amp;S)</translation>
    </message>
    <message>
        <source>Stop; what is colored is kept, and the batch can go on</source>
        <translation>停止します。着色済みの画像は残り、後で再開できます</translation>
    </message>
    <message>
        <source>&amp;Retry Failed</source>
        <translation>失敗分を再試行(&amp;R)</translation>
    </message>
    <message>
        <source>Try the drawings again that failed</source>
        <translation>失敗した線画をもう一度処理します</translation>
    </message>
    <message>
        <source>Open &amp;Folder</source>
        <translation>フォルダーを開く(&amp;F)</translation>
    </message>
    <message>
        <source>Show the folder with the pictures</source>
        <translation>書き出し先のフォルダーを開きます</translation>
    </message>
    <message>
        <source>Open Repor&amp;t</source>
        <translation>レポートを開く(&amp;T)</translation>
    </message>
    <message>
        <source>Show the report in the browser</source>
        <translation>ブラウザーでレポートを開きます</translation>
    </message>
    <message>
        <source>&amp;New Batch…</source>
        <translation>新しい一括処理(&amp;N)…</translation>
    </message>
    <message>
        <source>Color another folder</source>
        <translation>別のフォルダーを着色します</translation>
    </message>
    <message>
        <source>&amp;Close</source>
        <translation>閉じる(&amp;C)</translation>
    </message>
    <message>
        <source>The batch goes on; the jobs panel shows how far</source>
        <translation>一括処理は続きます。進み具合は「処理状況」パネルに表示されます</translation>
    </message>
    <message>
        <source>&amp;Go On</source>
        <translation>再開(&amp;G)</translation>
    </message>
</context>
<context>
    <name>BatchRun</name>
    <message>
        <source>Batch: {0}</source>
        <translation>一括処理：{0}</translation>
    </message>
    <message>
        <source>Watched: {0}</source>
        <translation>監視中: {0}</translation>
    </message>
    <message>
        <source>Looking through the folder…</source>
        <translation>フォルダーを調べています…</translation>
    </message>
    <message>
        <source>Paused; {0}</source>
        <translation>一時停止中：{0}</translation>
    </message>
    <message>
        <source>{0} of {1} drawings</source>
        <translation>線画 {0} / {1} 枚</translation>
    </message>
    <message>
        <source>{0}, {1} failed</source>
        <translation>{0}、失敗 {1} 枚</translation>
    </message>
    <message>
        <source>Watching the folder; {0} colored so far</source>
        <translation>フォルダーを監視しています。これまでに {0} 枚を着色</translation>
    </message>
    <message>
        <source>Stopped; it can go on.</source>
        <translation>停止しました。再開できます。</translation>
    </message>
    <message>
        <source>Not watched any more; it can go on.</source>
        <translation>監視を終えました。再開できます。</translation>
    </message>
    <message>
        <source>{0} colored</source>
        <translation>着色 {0} 枚</translation>
    </message>
    <message>
        <source>{0} colored before</source>
        <translation>着色済み {0} 枚</translation>
    </message>
    <message>
        <source>{0} were there already</source>
        <translation>既存 {0} 枚</translation>
    </message>
    <message>
        <source>{0} failed</source>
        <translation>失敗 {0} 枚</translation>
    </message>
</context>
<context>
    <name>CanvasView</name>
    <message>
        <source>Canvas</source>
        <translation>キャンバス</translation>
    </message>
    <message>
        <source>The drawing. The wheel zooms, space or the middle button moves, R and the mouse turn, arrow keys move, Enter uses the tool in the middle, B held shows what was before, Tab hides the panels, Shift+Tab goes on.</source>
        <translation>線画です。ホイールで拡大・縮小、Space か中ボタンで移動、R とマウスで回転、矢印キーで移動、Enter で中央にツールを使い、B を押している間は着色前を表示、Tab でパネルを隠し、Shift+Tab で次へ進みます。</translation>
    </message>
    <message>
        <source>Dropped picture</source>
        <translation>ドロップした画像</translation>
    </message>
    <message>
        <source>Add a reference to see it here.</source>
        <translation>参照画像を追加すると、ここに表示されます。</translation>
    </message>
</context>
<context>
    <name>CarryOverDialog</name>
    <message>
        <source>Carry Corrections Over</source>
        <translation>修正を他の線画にも適用</translation>
    </message>
    <message>
        <source>&amp;All drawings</source>
        <translation>すべての線画(&amp;A)</translation>
    </message>
    <message>
        <source>&amp;Carry Over</source>
        <translation>適用(&amp;C)</translation>
    </message>
    <message>
        <source>These regions of other drawings match a region that you colored. Choose where to color them, too.</source>
        <translation>他の線画の次の領域が、色を指定した領域と対応しています。色を適用する線画を選んでください。</translation>
    </message>
    <message>
        <source>{0}: one region</source>
        <translation>{0}：1 領域</translation>
    </message>
    <message>
        <source>{0}: {1} regions</source>
        <translation>{0}：{1} 領域</translation>
    </message>
    <message>
        <source>At least {0} sure</source>
        <translation>確信度 {0} 以上</translation>
    </message>
    <message>
        <source>{0} as it is</source>
        <translation>{0}（適用前）</translation>
    </message>
    <message>
        <source>{0} as it would be</source>
        <translation>{0}（適用後）</translation>
    </message>
</context>
<context>
    <name>CastButton</name>
    <message>
        <source>Characters</source>
        <translation>キャラクター</translation>
    </message>
    <message>
        <source>Who is in this drawing; references and palette of a character count for all drawings with it</source>
        <translation>この線画に誰が描かれているか。キャラクターの参照画像とパレットは、そのキャラクターがいるすべての線画で使われます</translation>
    </message>
    <message>
        <source>&amp;New Character…</source>
        <translation>新しいキャラクター(&amp;N)…</translation>
    </message>
    <message>
        <source>Re&amp;name {0}…</source>
        <translation>{0} の名前を変更(&amp;N)…</translation>
    </message>
    <message>
        <source>Remove {0} From the Project</source>
        <translation>{0} をプロジェクトから除く</translation>
    </message>
    <message>
        <source>New character</source>
        <translation>新しいキャラクター</translation>
    </message>
    <message>
        <source>Rename character</source>
        <translation>キャラクターの名前を変更</translation>
    </message>
    <message>
        <source>Name. Add references then: they count for this character&apos;s drawings.</source>
        <translation>名前。続けて参照画像を追加してください。このキャラクターの線画で使われます。</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>名前</translation>
    </message>
</context>
<context>
    <name>CastController</name>
    <message>
        <source>Character {0}</source>
        <translation>キャラクター {0}</translation>
    </message>
    <message>
        <source>Add References</source>
        <translation>参照画像を追加</translation>
    </message>
    <message>
        <source>Reference of a Panel</source>
        <translation>コマの参照画像</translation>
    </message>
    <message>
        <source>Remove Reference</source>
        <translation>参照画像を外す</translation>
    </message>
    <message>
        <source>Reorder References</source>
        <translation>参照画像を並べ替え</translation>
    </message>
    <message>
        <source>Only for This Drawing</source>
        <translation>この線画だけで使用</translation>
    </message>
    <message>
        <source>Use for All Drawings</source>
        <translation>すべての線画で使用</translation>
    </message>
    <message>
        <source>New Character</source>
        <translation>新しいキャラクター</translation>
    </message>
    <message>
        <source>Who Is in the Drawing</source>
        <translation>線画に描かれたキャラクター</translation>
    </message>
    <message>
        <source>Rename Character</source>
        <translation>キャラクターの名前を変更</translation>
    </message>
    <message>
        <source>Remove Character</source>
        <translation>キャラクターを除く</translation>
    </message>
    <message>
        <source>{0} counts for {1} drawings.</source>
        <translation>{0} は {1} 枚の線画で使われます。</translation>
    </message>
</context>
<context>
    <name>CastPresenter</name>
    <message>
        <source>References</source>
        <translation>参照画像</translation>
    </message>
    <message>
        <source>References · {0}</source>
        <translation>参照画像 · {0}</translation>
    </message>
    <message>
        <source>only for this drawing</source>
        <translation>この線画だけ</translation>
    </message>
</context>
<context>
    <name>CheckPanel</name>
    <message>
        <source>Two colors in one region</source>
        <translation>1 つの領域に 2 色</translation>
    </message>
    <message>
        <source>Two colors share a region: one ran through a gap of {0} px here.</source>
        <translation>1 つの領域に 2 色があります。ここの {0} px の隙間から色が漏れています。</translation>
    </message>
    <message>
        <source>{0}, {1} regions, {2} sure</source>
        <translation>{0}、{1} 領域、確信度 {2}</translation>
    </message>
    <message>
        <source>The color of these {1} regions is in doubt: {0}, {2} sure.</source>
        <translation>この {1} 領域の色は不確かです: {0}、確信度 {2}。</translation>
    </message>
    <message>
        <source>{0}, {2} sure</source>
        <translation>{0}、確信度 {2}</translation>
    </message>
    <message>
        <source>The color of this region is in doubt: {0}, {2} sure.</source>
        <translation>この領域の色は不確かです: {0}、確信度 {2}。</translation>
    </message>
    <message>
        <source>This Is &amp;Right</source>
        <translation>これで正しい(&amp;R)</translation>
    </message>
    <message>
        <source>&amp;Show</source>
        <translation>表示(&amp;S)</translation>
    </message>
</context>
<context>
    <name>CheckPresenter</name>
    <message>
        <source>Doubtful colors are listed here when a drawing is colored.</source>
        <translation>線画を着色すると、不確かな色がここに並びます。</translation>
    </message>
    <message>
        <source>Only flats can be checked: switch them on.</source>
        <translation>確認できるのは下塗りだけです。オンにしてください。</translation>
    </message>
    <message>
        <source>All is checked.</source>
        <translation>すべて確認済みです。</translation>
    </message>
    <message>
        <source>Nothing to check.</source>
        <translation>確認するものはありません。</translation>
    </message>
    <message>
        <source>Enter: it is right. To change it, click it.</source>
        <translation>Enter: これでよい。変えるにはクリックしてください。</translation>
    </message>
</context>
<context>
    <name>ChildProcess</name>
    <message>
        <source>Nurie could not start itself a second time: {0}.</source>
        <translation>Nurie のバックグラウンド処理を開始できませんでした：{0}。</translation>
    </message>
    <message>
        <source>The work in the background ended without saying why.</source>
        <translation>バックグラウンド処理が理由を示さずに終了しました。</translation>
    </message>
    <message>
        <source>The work in the background was ended from outside, perhaps because memory ran out; start it again.</source>
        <translation>バックグラウンド処理が外部から終了されました。メモリ不足の可能性があります。もう一度開始してください。</translation>
    </message>
</context>
<context>
    <name>ChildRun</name>
    <message>
        <source>Not finished; it can go on.</source>
        <translation>未完了です。続きから再開できます。</translation>
    </message>
    <message>
        <source>Stopping…</source>
        <translation>停止しています…</translation>
    </message>
    <message>
        <source>Paused</source>
        <translation>一時停止中</translation>
    </message>
</context>
<context>
    <name>Color</name>
    <message>
        <source>black</source>
        <translation>黒</translation>
    </message>
    <message>
        <source>gray</source>
        <translation>グレー</translation>
    </message>
    <message>
        <source>white</source>
        <translation>白</translation>
    </message>
    <message>
        <source>pink</source>
        <translation>ピンク</translation>
    </message>
    <message>
        <source>red</source>
        <translation>赤</translation>
    </message>
    <message>
        <source>orange</source>
        <translation>オレンジ</translation>
    </message>
    <message>
        <source>yellow</source>
        <translation>黄</translation>
    </message>
    <message>
        <source>green</source>
        <translation>緑</translation>
    </message>
    <message>
        <source>turquoise</source>
        <translation>ターコイズ</translation>
    </message>
    <message>
        <source>blue</source>
        <translation>青</translation>
    </message>
    <message>
        <source>purple</source>
        <translation>紫</translation>
    </message>
    <message>
        <source>magenta</source>
        <translation>マゼンタ</translation>
    </message>
    <message>
        <source>peach</source>
        <translation>ピーチ</translation>
    </message>
    <message>
        <source>cream</source>
        <translation>クリーム</translation>
    </message>
    <message>
        <source>beige</source>
        <translation>ベージュ</translation>
    </message>
    <message>
        <source>olive</source>
        <translation>オリーブ</translation>
    </message>
    <message>
        <source>brown</source>
        <translation>茶</translation>
    </message>
    <message>
        <source>pink gray</source>
        <translation>ピンクグレー</translation>
    </message>
    <message>
        <source>green gray</source>
        <translation>グリーングレー</translation>
    </message>
    <message>
        <source>turquoise gray</source>
        <translation>ターコイズグレー</translation>
    </message>
    <message>
        <source>blue gray</source>
        <translation>ブルーグレー</translation>
    </message>
    <message>
        <source>purple gray</source>
        <translation>パープルグレー</translation>
    </message>
    <message>
        <source>magenta gray</source>
        <translation>マゼンタグレー</translation>
    </message>
    <message>
        <source>brown gray</source>
        <translation>ブラウングレー</translation>
    </message>
    <message>
        <source>Paper</source>
        <translation>紙</translation>
    </message>
    <message>
        <source>pale {0}</source>
        <translation>淡い{0}</translation>
    </message>
    <message>
        <source>light {0}</source>
        <translation>明るい{0}</translation>
    </message>
    <message>
        <source>dark {0}</source>
        <translation>暗い{0}</translation>
    </message>
</context>
<context>
    <name>ColorDialog</name>
    <message>
        <source>Color in digits, #rrggbb</source>
        <translation>色の値、#rrggbb</translation>
    </message>
    <message>
        <source>&amp;Hue</source>
        <translation>色相(&amp;H)</translation>
    </message>
    <message>
        <source>&amp;Saturation</source>
        <translation>彩度(&amp;S)</translation>
    </message>
    <message>
        <source>&amp;Value</source>
        <translation>明度(&amp;V)</translation>
    </message>
    <message>
        <source>The color of before</source>
        <translation>変更前の色</translation>
    </message>
</context>
<context>
    <name>ColoringController</name>
    <message>
        <source>Reading…</source>
        <translation>読み込んでいます…</translation>
    </message>
    <message>
        <source>The sample pictures are not installed with this copy of Nurie.</source>
        <translation>この Nurie にはサンプル画像が含まれていません。</translation>
    </message>
    <message>
        <source>Swap Drawing and Reference</source>
        <translation>線画と参照画像を入れ替え</translation>
    </message>
    <message>
        <source>Kind of Lines</source>
        <translation>線の種類</translation>
    </message>
    <message>
        <source>Thickness</source>
        <translation>太さ</translation>
    </message>
    <message>
        <source>Edges</source>
        <translation>線の縁</translation>
    </message>
    <message>
        <source>Black and White of the Lines</source>
        <translation>線の黒と白</translation>
    </message>
    <message>
        <source>Seed</source>
        <translation>シード</translation>
    </message>
    <message>
        <source>Steps</source>
        <translation>ステップ数</translation>
    </message>
    <message>
        <source>Guidance</source>
        <translation>ガイダンス</translation>
    </message>
    <message>
        <source>Painting</source>
        <translation>描画</translation>
    </message>
    <message>
        <source>Exporting…</source>
        <translation>書き出しています…</translation>
    </message>
    <message>
        <source>Already in this project: {0}.</source>
        <translation>すでにこのプロジェクトにあります: {0}。</translation>
    </message>
    <message>
        <source>Exported {0}.</source>
        <translation>{0} を書き出しました。</translation>
    </message>
    <message>
        <source>Specks</source>
        <translation>ごみ取り</translation>
    </message>
    <message>
        <source>Line Art</source>
        <translation>線画</translation>
    </message>
    <message>
        <source>Mode</source>
        <translation>モード</translation>
    </message>
    <message>
        <source>Line Guidance</source>
        <translation>線のガイダンス</translation>
    </message>
    <message>
        <source>Strength</source>
        <translation>強さ</translation>
    </message>
    <message>
        <source>Paint Again</source>
        <translation>描き直し</translation>
    </message>
    <message>
        <source>Open a drawing first.</source>
        <translation>先に線画を開いてください。</translation>
    </message>
    <message>
        <source>Choose above the canvas what to do with this color picture.</source>
        <translation>このカラー画像の使い方を、キャンバスの上で選んでください。</translation>
    </message>
    <message>
        <source>Add a reference to take colors from.</source>
        <translation>色を取り出す参照画像を追加してください。</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>モデル</translation>
    </message>
    <message>
        <source>Cancelled.</source>
        <translation>キャンセルしました。</translation>
    </message>
    <message>
        <source>drawing</source>
        <translation>線画</translation>
    </message>
    <message>
        <source>{0} colored.png</source>
        <translation>{0} 着色.png</translation>
    </message>
    <message>
        <source>Copying…</source>
        <translation>コピーしています…</translation>
    </message>
    <message>
        <source>Open Drawing</source>
        <translation>線画を開く</translation>
    </message>
    <message>
        <source>Open Drawings</source>
        <translation>線画を開く</translation>
    </message>
    <message>
        <source>Use as Reference</source>
        <translation>参照画像にする</translation>
    </message>
    <message>
        <source>Preparing the lines…</source>
        <translation>線を準備しています…</translation>
    </message>
    <message>
        <source>Colored in {0} s on {1} ({2}).</source>
        <translation>{1} ({2}) を使って {0} 秒で着色しました。</translation>
    </message>
</context>
<context>
    <name>ColoringPresenter</name>
    <message>
        <source>{0} is line art without colors. Color it as a drawing?</source>
        <translation>{0} は色のない線画です。線画として着色しますか?</translation>
    </message>
    <message>
        <source>A reference is a colored picture: there are no colors to be taken from this one.</source>
        <translation>参照画像は色のある画像です。この画像から取り出せる色はありません。</translation>
    </message>
    <message>
        <source>As &amp;Drawing</source>
        <translation>線画として(&amp;D)</translation>
    </message>
    <message>
        <source>As &amp;Reference</source>
        <translation>参照画像として(&amp;R)</translation>
    </message>
    <message>
        <source>&amp;Cancel</source>
        <translation>キャンセル(&amp;C)</translation>
    </message>
    <message>
        <source>Add references</source>
        <translation>参照画像を追加</translation>
    </message>
    <message>
        <source>Pictures</source>
        <translation>画像</translation>
    </message>
    <message>
        <source>All files</source>
        <translation>すべてのファイル</translation>
    </message>
    <message>
        <source>Pasted picture</source>
        <translation>貼り付けた画像</translation>
    </message>
    <message>
        <source>Copied the picture.</source>
        <translation>画像をコピーしました。</translation>
    </message>
</context>
<context>
    <name>ColoringService</name>
    <message>
        <source>Warming up…</source>
        <translation>準備しています…</translation>
    </message>
    <message>
        <source>Coloring…</source>
        <translation>着色しています…</translation>
    </message>
    <message>
        <source>Finishing…</source>
        <translation>仕上げています…</translation>
    </message>
    <message>
        <source>Loading the model…</source>
        <translation>モデルを読み込んでいます…</translation>
    </message>
</context>
<context>
    <name>CorrectionController</name>
    <message>
        <source>Split</source>
        <translation>領域を分割</translation>
    </message>
    <message>
        <source>These are one region already.</source>
        <translation>すでに 1 つの領域です。</translation>
    </message>
    <message>
        <source>Merge</source>
        <translation>領域を結合</translation>
    </message>
    <message>
        <source>Close Gap</source>
        <translation>隙間を閉じる</translation>
    </message>
    <message>
        <source>There is no correction here.</source>
        <translation>ここには修正がありません。</translation>
    </message>
    <message>
        <source>Remove Correction</source>
        <translation>修正を削除</translation>
    </message>
    <message>
        <source>Clear Corrections</source>
        <translation>修正をすべて削除</translation>
    </message>
    <message>
        <source>Nothing of the reference would be left: mask less of it.</source>
        <translation>参照画像に使う部分が残りません。マスクを減らしてください。</translation>
    </message>
    <message>
        <source>Mask of the Figure</source>
        <translation>人物のマスク</translation>
    </message>
    <message>
        <source>Mask of a Reference&apos;s Figure</source>
        <translation>参照画像の人物のマスク</translation>
    </message>
    <message>
        <source>Looking for the background…</source>
        <translation>背景を探しています…</translation>
    </message>
    <message>
        <source>Weigh Reference</source>
        <translation>参照画像の影響度</translation>
    </message>
    <message>
        <source>Use as One Picture</source>
        <translation>1 枚の画像として使用</translation>
    </message>
    <message>
        <source>Cut Into Figures</source>
        <translation>人物ごとに切り分け</translation>
    </message>
    <message>
        <source>Keep Reference to Panel</source>
        <translation>参照画像をコマに限定</translation>
    </message>
    <message>
        <source>Color a region by hand first; that can be carried over then.</source>
        <translation>先に領域の色を指定してください。その修正を他の線画に適用できます。</translation>
    </message>
    <message>
        <source>There is no other colored drawing in this project.</source>
        <translation>このプロジェクトには、他に着色済みの線画がありません。</translation>
    </message>
    <message>
        <source>Looking for matching regions…</source>
        <translation>対応する領域を探しています…</translation>
    </message>
    <message>
        <source>Carry Over</source>
        <translation>修正を適用</translation>
    </message>
    <message>
        <source>The palette is locked and has no such color: the nearest was taken, {0}.</source>
        <translation>パレットは固定されていて、その色がありません。最も近い {0} を使いました。</translation>
    </message>
    <message>
        <source>Corrections are for flats: switch flats on first.</source>
        <translation>修正には下塗りが必要です。先に下塗りをオンにしてください。</translation>
    </message>
    <message>
        <source>Mask Reference</source>
        <translation>参照画像をマスク</translation>
    </message>
    <message>
        <source>Color Hint: {0}</source>
        <translation>色ヒント: {0}</translation>
    </message>
    <message>
        <source>Fill: {0}</source>
        <translation>塗りつぶし: {0}</translation>
    </message>
    <message>
        <source>Fill {0} Regions</source>
        <translation>{0} 領域を塗りつぶし</translation>
    </message>
    <message>
        <source>Fill</source>
        <translation>塗りつぶし</translation>
    </message>
    <message>
        <source>This is too small for a region.</source>
        <translation>領域にするには小さすぎます。</translation>
    </message>
    <message>
        <source>Draw a Region</source>
        <translation>領域を描く</translation>
    </message>
    <message>
        <source>Pick From Reference: {0}</source>
        <translation>参照画像から拾う: {0}</translation>
    </message>
    <message>
        <source>Looking at the regions…</source>
        <translation>領域を確認しています…</translation>
    </message>
    <message>
        <source>There is nothing to check.</source>
        <translation>確認するものはありません。</translation>
    </message>
    <message>
        <source>Right</source>
        <translation>正しい</translation>
    </message>
    <message>
        <source>All is checked.</source>
        <translation>すべて確認済みです。</translation>
    </message>
    <message>
        <source>1 region followed</source>
        <translation>1 領域も同じ色になりました</translation>
    </message>
    <message>
        <source>{0} regions followed</source>
        <translation>{0} 領域も同じ色になりました</translation>
    </message>
    <message>
        <source>{0} · Shift: only this one</source>
        <translation>{0} · Shift: この領域だけ</translation>
    </message>
    <message>
        <source>No other region followed.</source>
        <translation>ほかの領域は変わりませんでした。</translation>
    </message>
    <message>
        <source>No region of the other drawings matches surely enough.</source>
        <translation>他の線画に、十分に対応する領域がありません。</translation>
    </message>
    <message>
        <source>No background was found: the figure stands on paper already, or fills all.</source>
        <translation>背景は見つかりませんでした。人物はすでに白い紙の上にあるか、画面全体を占めています。</translation>
    </message>
    <message>
        <source>Ignore Background</source>
        <translation>背景を無視</translation>
    </message>
</context>
<context>
    <name>Divider</name>
    <message>
        <source>Compare divider</source>
        <translation>比較の仕切り線</translation>
    </message>
    <message>
        <source>Left and Right move it; lines before it, colors after it.</source>
        <translation>左右の矢印キーで動かします。左側が線、右側が着色結果です。</translation>
    </message>
    <message>
        <source>Drag to compare lines and colors (Left, Right; with Shift in larger steps)</source>
        <translation>ドラッグして線と着色結果を見比べます（←、→、Shift で大きく移動）</translation>
    </message>
</context>
<context>
    <name>DrawingsController</name>
    <message>
        <source>Remove Drawing</source>
        <translation>線画を削除</translation>
    </message>
    <message>
        <source>Reorder Drawings</source>
        <translation>線画を並べ替え</translation>
    </message>
    <message>
        <source>Rename Drawing</source>
        <translation>線画の名前を変更</translation>
    </message>
    <message>
        <source>Coloring drawing {0} of {1}…</source>
        <translation>線画 {0} / {1} 枚目を着色しています…</translation>
    </message>
</context>
<context>
    <name>DrawingsPresenter</name>
    <message>
        <source>Drawing {0}</source>
        <translation>線画 {0}</translation>
    </message>
    <message>
        <source>Coloring…</source>
        <translation>着色しています…</translation>
    </message>
    <message>
        <source>Empty</source>
        <translation>空</translation>
    </message>
    <message>
        <source>Color picture</source>
        <translation>カラー画像</translation>
    </message>
    <message>
        <source>Line art</source>
        <translation>線画</translation>
    </message>
    <message>
        <source>Exported</source>
        <translation>書き出し済み</translation>
    </message>
    <message>
        <source>To check: {0}</source>
        <translation>要確認：{0}</translation>
    </message>
    <message>
        <source>Colored</source>
        <translation>着色済み</translation>
    </message>
</context>
<context>
    <name>EmptyState</name>
    <message>
        <source>Drop line art here</source>
        <translation>ここに線画をドロップ</translation>
    </message>
    <message>
        <source>Then drop one or more color pictures onto the strip below.
Nurie takes the colors from them.</source>
        <translation>続いて、下の欄にカラー画像を 1 枚以上ドロップしてください。
その画像の色を使って着色します。</translation>
    </message>
    <message>
        <source>Open drawing…</source>
        <translation>線画を開く…</translation>
    </message>
    <message>
        <source>Choose a line-art file (Ctrl+O)</source>
        <translation>線画のファイルを選びます (Ctrl+O)</translation>
    </message>
    <message>
        <source>Try the sample</source>
        <translation>サンプルを試す</translation>
    </message>
    <message>
        <source>Load a drawing and a reference that come with Nurie</source>
        <translation>Nurie に付属の線画と参照画像を読み込みます</translation>
    </message>
</context>
<context>
    <name>Engine</name>
    <message>
        <source>Looking at {0}</source>
        <translation>{0} を見ています</translation>
    </message>
    <message>
        <source>Coloring</source>
        <translation>着色しています</translation>
    </message>
    <message>
        <source>Laying the colors under the lines</source>
        <translation>線の下に色を重ねています</translation>
    </message>
    <message>
        <source>Finding the regions</source>
        <translation>領域を探しています</translation>
    </message>
    <message>
        <source>Choosing flat colors</source>
        <translation>下塗りの色を選んでいます</translation>
    </message>
    <message>
        <source>Shading</source>
        <translation>影を付けています</translation>
    </message>
    <message>
        <source>Looking for leaks</source>
        <translation>色漏れを調べています</translation>
    </message>
    <message>
        <source>Done</source>
        <translation>完了</translation>
    </message>
    <message>
        <source>Memory ran out at {0} pixels on {1}; a smaller try was made.</source>
        <translation>{1} の {0} ピクセルではメモリが足りなかったため、小さくして処理しました。</translation>
    </message>
    <message>
        <source>The drawing has very many tiny areas; small ones were given to their neighbors.</source>
        <translation>細かな範囲がとても多いため、小さなものは隣の領域に含めました。</translation>
    </message>
    <message>
        <source>There is no file {0}; check its name and folder.</source>
        <translation>{0} というファイルはありません。名前とフォルダーを確認してください。</translation>
    </message>
    <message>
        <source>You have no permission to read {0}; ask its owner, or copy it elsewhere.</source>
        <translation>{0} を読み取る権限がありません。所有者に確認するか、別の場所にコピーしてください。</translation>
    </message>
    <message>
        <source>Cannot read {0}: {1}.</source>
        <translation>{0} を読み取れません：{1}。</translation>
    </message>
    <message>
        <source>There is too little memory to open {0}; close other programs first.</source>
        <translation>メモリが足りず {0} を開けません。他のソフトを終了してください。</translation>
    </message>
    <message>
        <source>{0} is empty (0 bytes); save or download it again.</source>
        <translation>{0} は空 (0 バイト) です。保存またはダウンロードをやり直してください。</translation>
    </message>
    <message>
        <source>{0} is damaged or incomplete; save or download it again.</source>
        <translation>{0} は破損しているか不完全です。保存またはダウンロードをやり直してください。</translation>
    </message>
    <message>
        <source>{0} is a folder, not a picture; choose a file in it.</source>
        <translation>{0} は画像ではなくフォルダーです。中のファイルを選んでください。</translation>
    </message>
    <message>
        <source>{0} is not a file with a picture in it.</source>
        <translation>{0} は画像のファイルではありません。</translation>
    </message>
    <message>
        <source>{0} is not a picture Nurie can open; use {1}.</source>
        <translation>{0} は Nurie で開ける画像ではありません。{1} を使ってください。</translation>
    </message>
    <message>
        <source>{0} is transparent everywhere; choose a picture with something to see.</source>
        <translation>{0} は全体が透明です。何か描かれている画像を選んでください。</translation>
    </message>
    <message>
        <source>{0} is {1}×{2} pixels, so there is no picture in it.</source>
        <translation>{0} は {1}×{2} ピクセルで、画像が入っていません。</translation>
    </message>
    <message>
        <source>{0} is not a file with layers in it.</source>
        <translation>{0} はレイヤー付きのファイルではありません。</translation>
    </message>
    <message>
        <source>{0} is neither a PSD nor an OpenRaster file; choose one of these.</source>
        <translation>{0} は PSD でも OpenRaster でもありません。どちらかのファイルを選んでください。</translation>
    </message>
    <message>
        <source>{0} is no OpenRaster file; save it as .ora or .psd first.</source>
        <translation>{0} は OpenRaster のファイルではありません。.ora か .psd で保存し直してください。</translation>
    </message>
    <message>
        <source>{0} is not a PSD with 8-bit RGB colors; convert it first.</source>
        <translation>{0} は 8 ビット RGB の PSD ではありません。先に変換してください。</translation>
    </message>
    <message>
        <source>{0} lists too many layers; merge some of them.</source>
        <translation>{0} はレイヤーが多すぎます。いくつか結合してください。</translation>
    </message>
    <message>
        <source>{0} has {1}×{2} pixels in a layer and the limit is {3} on a side; crop it.</source>
        <translation>{0} に {1}×{2} ピクセルのレイヤーがあり、一辺の上限 {3} を超えています。切り抜いてください。</translation>
    </message>
    <message>
        <source>The layers of {0} are too large to open; merge some of them or crop them.</source>
        <translation>{0} のレイヤーは大きすぎて開けません。いくつか結合するか、切り抜いてください。</translation>
    </message>
    <message>
        <source>The layer {0} of {1} has {2}, which Nurie cannot read; merge it first.</source>
        <translation>{1} のレイヤー {0} には Nurie で読み込めないもの ({2}) があります。先に結合してください。</translation>
    </message>
    <message>
        <source>{0} has no layer &quot;{1}&quot;: choose a file that Nurie wrote, or save the line art as a PNG first.</source>
        <translation>{0} に「{1}」というレイヤーがありません。Nurie で書き出したファイルを選ぶか、線画を PNG で保存し直してください。</translation>
    </message>
    <message>
        <source>{0} is a palette without a color; choose another one.</source>
        <translation>{0} は色のないパレットです。別のパレットを選んでください。</translation>
    </message>
    <message>
        <source>{0} has {1} colors and the limit is {2}; remove some first.</source>
        <translation>{0} は {1} 色あり、上限の {2} 色を超えています。先にいくつか削除してください。</translation>
    </message>
    <message>
        <source>{0} has a color of the kind {1}; save its colors as RGB first.</source>
        <translation>{0} に {1} 形式の色が含まれています。RGB で保存し直してください。</translation>
    </message>
    <message>
        <source>The output {0} must end in {1} or {2}.</source>
        <translation>出力先 {0} の拡張子は {1} または {2} にしてください。</translation>
    </message>
    <message>
        <source>The layers in {0} need a name that ends in {1}.</source>
        <translation>レイヤー付きで書き出す {0} の拡張子は {1} にしてください。</translation>
    </message>
    <message>
        <source>Cannot write {0}: there is no folder {1}.</source>
        <translation>{0} を書き込めません。フォルダー {1} がありません。</translation>
    </message>
    <message>
        <source>Cannot write {0}: it is a folder; choose a file name.</source>
        <translation>{0} を書き込めません。フォルダーなので、ファイル名を選んでください。</translation>
    </message>
    <message>
        <source>Cannot write {0}: it is not an ordinary file; choose another name.</source>
        <translation>{0} を書き込めません。通常のファイルではないので、別の名前を選んでください。</translation>
    </message>
    <message>
        <source>Cannot write {0}: the disk is full. Free some space or choose another folder.</source>
        <translation>{0} を書き込めません。ディスクがいっぱいです。空き容量を増やすか、別のフォルダーを選んでください。</translation>
    </message>
    <message>
        <source>Cannot write {0}: you have no permission to write it in {1}. Choose another folder.</source>
        <translation>{0} を書き込めません。{1} に書き込む権限がありません。別のフォルダーを選んでください。</translation>
    </message>
    <message>
        <source>Cannot write the picture: its name is too long. Choose a shorter one.</source>
        <translation>画像を書き込めません。名前が長すぎます。短い名前を選んでください。</translation>
    </message>
    <message>
        <source>Cannot write {0}: {1}.</source>
        <translation>{0} を書き込めません：{1}。</translation>
    </message>
    <message>
        <source>{0} cannot be written: a {1} has at most {2} pixels a side; choose PNG.</source>
        <translation>{0} を書き込めません。{1} の一辺は {2} ピクセルまでです。PNG を選んでください。</translation>
    </message>
    <message>
        <source>{0} cannot be written without loss: JPEG has no such kind; choose WebP or PNG.</source>
        <translation>{0} を可逆で書き込めません。JPEG に可逆形式はありません。WebP か PNG を選んでください。</translation>
    </message>
    <message>
        <source>The layers are too large for {0}: a PSD holds 2 GB; choose .ora instead.</source>
        <translation>レイヤーが大きすぎて {0} に収まりません。PSD は 2 GB までです。.ora を選んでください。</translation>
    </message>
    <message>
        <source>PSD files need psd-tools, which is missing from this copy of Nurie; install it, or choose .ora or .png.</source>
        <translation>PSD には psd-tools が必要ですが、この Nurie には含まれていません。インストールするか、.ora か .png を選んでください。</translation>
    </message>
    <message>
        <source>Cannot make the folder {0}: a file has this name; choose another.</source>
        <translation>フォルダー {0} を作れません。同じ名前のファイルがあります。別の名前を選んでください。</translation>
    </message>
    <message>
        <source>Cannot make the folder {0}: {1}; choose another.</source>
        <translation>フォルダー {0} を作れません：{1}。別のフォルダーを選んでください。</translation>
    </message>
    <message>
        <source>There is no reference to take colors from: add at least one color picture.</source>
        <translation>色を取り出す参照画像がありません。カラー画像を 1 枚以上追加してください。</translation>
    </message>
    <message>
        <source>There is no reference picture to take colors from; add one first.</source>
        <translation>色を取り出す参照画像がありません。先に追加してください。</translation>
    </message>
    <message>
        <source>The drawing has no pixels: choose another picture.</source>
        <translation>この線画には何も入っていません。別の画像を選んでください。</translation>
    </message>
    <message>
        <source>All references are switched off by a weight of 0: give one of them more.</source>
        <translation>すべての参照画像の影響度が 0 です。どれかの影響度を上げてください。</translation>
    </message>
    <message>
        <source>There are no lines in this drawing; choose another picture or draw something first.</source>
        <translation>この線画には線がありません。別の画像を選ぶか、何か描いてください。</translation>
    </message>
    <message>
        <source>The palette has no colors; add a swatch to it first.</source>
        <translation>パレットに色がありません。先にスウォッチを追加してください。</translation>
    </message>
    <message>
        <source>The colors to keep are of another size than the drawing: color it anew.</source>
        <translation>残す色の大きさが線画と合いません。もう一度着色してください。</translation>
    </message>
    <message>
        <source>There is too little memory even for the smallest working size: close other programs.</source>
        <translation>最小の作業サイズでもメモリが足りません。他のソフトを終了してください。</translation>
    </message>
    <message>
        <source>There is no CUDA graphics card that can be used here: choose the device auto or cpu.</source>
        <translation>使用できる CUDA 対応グラフィックカードがありません。デバイスに auto か cpu を選んでください。</translation>
    </message>
    <message>
        <source>Apple&apos;s Metal (mps) is not available on this computer: choose the device auto or cpu.</source>
        <translation>このコンピューターでは Apple の Metal (mps) を使用できません。デバイスに auto か cpu を選んでください。</translation>
    </message>
    <message>
        <source>There is no model file {0}; check the name.</source>
        <translation>{0} というモデルファイルはありません。名前を確認してください。</translation>
    </message>
    <message>
        <source>The model file {0} is empty; get the file again.</source>
        <translation>モデルファイル {0} は空です。ファイルを入手し直してください。</translation>
    </message>
    <message>
        <source>The model file {0} is cut short; get the file again.</source>
        <translation>モデルファイル {0} は途中で切れています。ファイルを入手し直してください。</translation>
    </message>
    <message>
        <source>The model file {0} may not be read; change its permissions.</source>
        <translation>モデルファイル {0} を読み取る権限がありません。権限を変更してください。</translation>
    </message>
    <message>
        <source>The model file {0} cannot be read: {1}.</source>
        <translation>モデルファイル {0} を読み取れません：{1}。</translation>
    </message>
    <message>
        <source>The header of the model file {0} is damaged; get the file again.</source>
        <translation>モデルファイル {0} のヘッダーが破損しています。ファイルを入手し直してください。</translation>
    </message>
    <message>
        <source>The description in the model file {0} is damaged; get the file again.</source>
        <translation>モデルファイル {0} の説明データが破損しています。ファイルを入手し直してください。</translation>
    </message>
    <message>
        <source>The description in the model file {0} is damaged ({1}); get the file again.</source>
        <translation>モデルファイル {0} の説明データが破損しています ({1})。ファイルを入手し直してください。</translation>
    </message>
    <message>
        <source>The model file {0} has bytes after its end, so it is damaged; get the file again.</source>
        <translation>モデルファイル {0} の末尾に余分なデータがあり、破損しています。ファイルを入手し直してください。</translation>
    </message>
    <message>
        <source>The weights in {0} do not fit its architecture: it {1}; get the file again.</source>
        <translation>{0} の重みが構造と合いません ({1})。ファイルを入手し直してください。</translation>
    </message>
    <message>
        <source>The model file {0} was made by a newer Nurie (format {1}, this one reads up to {2}); update Nurie.</source>
        <translation>モデルファイル {0} は新しい Nurie で作られています（形式 {1}、この Nurie は {2} まで対応）。Nurie を更新してください。</translation>
    </message>
    <message>
        <source>{0} holds weights of another program: it has no Nurie description; choose a model made for Nurie.</source>
        <translation>{0} は他のソフトの重みで、Nurie 用の説明データがありません。Nurie 用のモデルを選んでください。</translation>
    </message>
    <message>
        <source>{0} is no model file; choose a .safetensors file made for Nurie.</source>
        <translation>{0} はモデルファイルではありません。Nurie 用の .safetensors ファイルを選んでください。</translation>
    </message>
    <message>
        <source>{0} is a folder; choose a model file (.safetensors).</source>
        <translation>{0} はフォルダーです。モデルファイル (.safetensors) を選んでください。</translation>
    </message>
    <message>
        <source>{0} is a pickled model, which is refused because it can run any code on your computer; ask for it as a .safetensors file made for Nurie.</source>
        <translation>{0} は pickle 形式のモデルです。任意のコードを実行できてしまうため使用できません。Nurie 用の .safetensors 形式で入手してください。</translation>
    </message>
    <message>
        <source>{0} is not a model that colors drawings: choose another one.</source>
        <translation>{0} は線画を着色するモデルではありません。別のモデルを選んでください。</translation>
    </message>
    <message>
        <source>No model is installed; put one ({0}) into {1}, or name its file.</source>
        <translation>モデルがインストールされていません。モデル ({0}) を {1} に置くか、ファイルを指定してください。</translation>
    </message>
    <message>
        <source>There is no model named &apos;{0}&apos;; there are: {1}.</source>
        <translation>「{0}」というモデルはありません。使用できるモデル：{1}。</translation>
    </message>
    <message>
        <source>There is no model named &apos;{0}&apos;; none is installed.</source>
        <translation>「{0}」というモデルはありません。モデルが 1 つもインストールされていません。</translation>
    </message>
    <message>
        <source>There is no default model; name one of: {0}.</source>
        <translation>既定のモデルがありません。次から選んでください：{0}。</translation>
    </message>
    <message>
        <source>Inception v3 needs torchvision: install it with &apos;uv sync --extra train&apos;.</source>
        <translation>Inception v3 には torchvision が必要です。&apos;uv sync --extra train&apos; でインストールしてください。</translation>
    </message>
    <message>
        <source>The {0} weights {1} do not fit ({2}): the whole published network is needed, not its features alone.</source>
        <translation>{0} の重み {1} は合いません({2})。特徴部分だけでなく、公開されたネットワーク全体が必要です。</translation>
    </message>
    <message>
        <source>The model file {0} does not say which format it has; get the file again.</source>
        <translation>モデルファイル {0} には形式の記載がありません。ファイルを入手し直してください。</translation>
    </message>
    <message>
        <source>The checkpoint&apos;s description is not plain JSON: {0}.</source>
        <translation>チェックポイントの説明が正しい JSON ではありません：{0}。</translation>
    </message>
    <message>
        <source>The model was not saved, an older file stays as it was: {0}</source>
        <translation>モデルは保存されませんでした。以前のファイルはそのまま残っています：{0}</translation>
    </message>
    <message>
        <source>{0} only points to the model (Git LFS); download the file itself.</source>
        <translation>{0} はモデルの場所を示すだけのファイル (Git LFS) です。本体をダウンロードしてください。</translation>
    </message>
    <message>
        <source>{0} is a text file and no model; choose a .safetensors file made for Nurie.</source>
        <translation>{0} はモデルではなくテキストファイルです。Nurie 用の .safetensors ファイルを選んでください。</translation>
    </message>
    <message>
        <source>{0} is no ordinary file; choose a model file (.safetensors).</source>
        <translation>{0} は通常のファイルではありません。モデルファイル (.safetensors) を選んでください。</translation>
    </message>
    <message>
        <source>{0} is line art and the drawing is a color picture; swap them if they are mixed up.</source>
        <translation>{0} は線画で、線画として開いたものはカラー画像です。取り違えている場合は入れ替えてください。</translation>
    </message>
    <message>
        <source>{0} has no colors; add a color picture of the character.</source>
        <translation>{0} には色がありません。キャラクターのカラー画像を追加してください。</translation>
    </message>
    <message>
        <source>Stable Diffusion paints at {0}×{1} pixels and needs about {2} GB of memory; after the first step it says how long it takes</source>
        <translation>Stable Diffusion は {0}×{1} ピクセルで描き、約 {2} GB のメモリーが必要です。最初のステップの後に所要時間を表示します</translation>
    </message>
    <message>
        <source>This model was assembled without a ControlNet (--lines): it begins with the drawing and may leave its lines.</source>
        <translation>このモデルは ControlNet (--lines) なしで組み立てられました。線画から始めますが、線から外れることがあります。</translation>
    </message>
    <message>
        <source>This model was assembled without an IP-Adapter (--eyes, --reference): it does not look at the references, and its colors are its own.</source>
        <translation>このモデルは IP-Adapter (--eyes, --reference) なしで組み立てられました。参照画像を見ないため、色はモデル独自のものになります。</translation>
    </message>
    <message>
        <source>There is a model named &apos;{0}&apos; already; choose another name, or delete that one.</source>
        <translation>「{0}」という名前のモデルはすでにあります。別の名前にするか、そのモデルを削除してください。</translation>
    </message>
    <message>
        <source>A CLIP (--eyes) and an IP-Adapter (--reference) go together: name both or none.</source>
        <translation>CLIP (--eyes) と IP-Adapter (--reference) は一緒に使います。両方を指定するか、どちらも指定しないでください。</translation>
    </message>
    <message>
        <source>{0} is a pickled model, which is refused because it can run any code on your computer: take the .safetensors file of the same model, or have a program that you trust save it as .safetensors.</source>
        <translation>{0} は pickle 形式のモデルです。コンピューター上で任意のコードを実行できるため受け付けません。同じモデルの .safetensors ファイルを使うか、信頼できるプログラムで .safetensors として保存してください。</translation>
    </message>
    <message>
        <source>Reading {0}</source>
        <translation>{0} を読み込み中</translation>
    </message>
    <message>
        <source>{0} was cut into its {1} figures; set aside: {2}. To use it as one picture: --sheet off, or the reference&apos;s menu.</source>
        <translation>{0} を {1} 体の人物に切り分けました。除いたもの: {2}。1 枚の画像として使うには --sheet off、または参照画像のメニューを使ってください。</translation>
    </message>
    <message>
        <source>{0} is a sheet; set aside: {1}. To use it as one picture: --sheet off, or the reference&apos;s menu.</source>
        <translation>{0} は設定画です。除いたもの: {1}。1 枚の画像として使うには --sheet off、または参照画像のメニューを使ってください。</translation>
    </message>
    <message>
        <source>{0} was cut into its {1} figures. To use it as one picture: --sheet off, or the reference&apos;s menu.</source>
        <translation>{0} を {1} 体の人物に切り分けました。1 枚の画像として使うには --sheet off、または参照画像のメニューを使ってください。</translation>
    </message>
    <message>
        <source>nothing</source>
        <translation>なし</translation>
    </message>
    <message>
        <source>{0} and {1}</source>
        <translation>{0}と{1}</translation>
    </message>
    <message>
        <source>a title band</source>
        <translation>タイトルの帯</translation>
    </message>
    <message>
        <source>a color chip</source>
        <translation>色見本</translation>
    </message>
    <message>
        <source>a frame</source>
        <translation>枠</translation>
    </message>
    <message>
        <source>lettering</source>
        <translation>文字</translation>
    </message>
    <message>
        <source>small marks</source>
        <translation>小さな印</translation>
    </message>
    <message>
        <source>Coloring, step {0} of {1}, about {2} min left</source>
        <translation>着色中、ステップ {0}/{1}、残り約 {2} 分</translation>
    </message>
    <message>
        <source>Coloring, step {0} of {1}, about {2} s left</source>
        <translation>着色中、ステップ {0}/{1}、残り約 {2} 秒</translation>
    </message>
    <message>
        <source>The working size must be between {0} and {1} pixels.</source>
        <translation>作業サイズは {0} から {1} ピクセルの間で指定してください。</translation>
    </message>
    <message>
        <source>This model looks at {0} references; the others were left out.</source>
        <translation>このモデルが見る参照画像は {0} 枚です。残りは使われませんでした。</translation>
    </message>
    <message>
        <source>This model gives all references the same weight.</source>
        <translation>このモデルはすべての参照画像を同じ重みで扱います。</translation>
    </message>
    <message>
        <source>This model paints without {0}: that setting changed nothing.</source>
        <translation>このモデルは {0} を使わずに着色します。この設定は何も変えませんでした。</translation>
    </message>
    <message>
        <source>This model paints figure and background alike: the masks of figures changed nothing.</source>
        <translation>このモデルは人物と背景を区別せずに描くため、人物のマスクは使われませんでした。</translation>
    </message>
    <message>
        <source>Auto painted it as {0}. {1}</source>
        <translation>自動で {0} として描きました。{1}</translation>
    </message>
    <message>
        <source>the drawing</source>
        <translation>線画</translation>
    </message>
    <message>
        <source>the references</source>
        <translation>参照画像</translation>
    </message>
    <message>
        <source>No figure was found in {0}, so it was painted as Vanilla: paint a mask of the figure to help.</source>
        <translation>{0} に人物が見つからないため、Vanilla として描きました。人物のマスクを塗ると改善できます。</translation>
    </message>
    <message>
        <source>Numbers overflowed in {0}; it was painted again in fp32.</source>
        <translation>{0} で数値があふれたため、fp32 で描き直しました。</translation>
    </message>
    <message>
        <source>This model paints no picture here: choose another model or device.</source>
        <translation>このモデルはここでは描けません。別のモデルか装置を選んでください。</translation>
    </message>
    <message>
        <source>Coloring, step {0} of {1}</source>
        <translation>着色中、ステップ {0} / {1}</translation>
    </message>
    <message>
        <source>The point {0} is no pixel; give x and y from 0 on.</source>
        <translation>点 {0} はピクセルではありません。x と y は 0 以上で指定してください。</translation>
    </message>
    <message>
        <source>The color of a hint is {0}; give red, green and blue from 0 to 255.</source>
        <translation>ヒントの色が {0} です。赤・緑・青を 0 から 255 で指定してください。</translation>
    </message>
    <message>
        <source>A drawn region needs three points or more, or two and a width.</source>
        <translation>領域を描くには 3 点以上、または 2 点と幅が必要です。</translation>
    </message>
    <message>
        <source>The width of a drawn region is {0}; give one from 0 to {1}.</source>
        <translation>描く領域の幅が {0} です。0 から {1} の値にしてください。</translation>
    </message>
    <message>
        <source>The color of a place is {0}; give red, green and blue from 0 to 255.</source>
        <translation>色が {0} です。赤・緑・青を 0 から 255 の値にしてください。</translation>
    </message>
    <message>
        <source>A stroke needs two points or more.</source>
        <translation>ストロークには 2 つ以上の点が必要です。</translation>
    </message>
    <message>
        <source>Two regions are joined by two points, one in each.</source>
        <translation>2 つの領域をつなぐには、それぞれの中に 1 つずつ、2 つの点が必要です。</translation>
    </message>
    <message>
        <source>These are no corrections of a drawing{0}: {1}.</source>
        <translation>絵の修正として読めません{0}：{1}。</translation>
    </message>
    <message>
        <source>{0} is no JSON file: write one with hints, splits, merges and gaps.</source>
        <translation>{0} は JSON ファイルではありません。hints、splits、merges、gaps のあるファイルを書いてください。</translation>
    </message>
    <message>
        <source>The point {0},{1} is outside the drawing of {2}×{3} pixels.</source>
        <translation>点 {0},{1} は {2}×{3} ピクセルの絵の外にあります。</translation>
    </message>
    <message>
        <source>Models that paint in steps need the library diffusers, which cannot be used here ({0}): install Nurie again, or choose another model.</source>
        <translation>段階的に描くモデルにはライブラリ diffusers が必要ですが、ここでは使えません({0})。Nurie を再インストールするか、別のモデルを選んでください。</translation>
    </message>
    <message>
        <source>Auto</source>
        <translation>自動</translation>
    </message>
    <message>
        <source>Vanilla</source>
        <translation>標準 (Vanilla)</translation>
    </message>
    <message>
        <source>Bg2Fig</source>
        <translation>人物を独立 (Bg2Fig)</translation>
    </message>
    <message>
        <source>Fig2Fig</source>
        <translation>人物と背景を分離 (Fig2Fig)</translation>
    </message>
    <message>
        <source>Looks at drawing and references, and chooses one of the others; the result says which.</source>
        <translation>線画と参照画像を見て、ほかのどれかを選びます。どれを選んだかは結果に示されます。</translation>
    </message>
    <message>
        <source>For landscapes, and wherever there is no figure: all of the drawing looks at all references.</source>
        <translation>風景など、人物のいない絵に。線画全体が参照画像全体を見ます。</translation>
    </message>
    <message>
        <source>For references with a figure before a busy background: the figure looks out for itself.</source>
        <translation>複雑な背景の前に人物がいる参照画像に。人物は独自に色を探します。</translation>
    </message>
    <message>
        <source>For figures on a plain background: figure looks at figure, background at background, which mixes them least.</source>
        <translation>無地の背景の人物に。人物は人物を、背景は背景を見るので、色が最も混ざりにくくなります。</translation>
    </message>
    <message>
        <source>&apos;{0}&apos; is no mode to paint in: choose {1}.</source>
        <translation>&apos;{0}&apos; という描画モードはありません。{1} から選んでください。</translation>
    </message>
    <message>
        <source>Stable Diffusion 1.x</source>
        <translation>Stable Diffusion 1.x</translation>
    </message>
    <message>
        <source>Stable Diffusion 2.x</source>
        <translation>Stable Diffusion 2.x</translation>
    </message>
    <message>
        <source>Stable Diffusion XL</source>
        <translation>Stable Diffusion XL</translation>
    </message>
    <message>
        <source>a Stable Diffusion for inpainting</source>
        <translation>インペイント用の Stable Diffusion</translation>
    </message>
    <message>
        <source>a Stable Diffusion that follows instructions (InstructPix2Pix)</source>
        <translation>指示に従う Stable Diffusion (InstructPix2Pix)</translation>
    </message>
    <message>
        <source>a ControlNet</source>
        <translation>ControlNet</translation>
    </message>
    <message>
        <source>an IP-Adapter</source>
        <translation>IP-Adapter</translation>
    </message>
    <message>
        <source>a CLIP that looks at pictures</source>
        <translation>画像を見る CLIP</translation>
    </message>
    <message>
        <source>a LoRA, which is no model by itself</source>
        <translation>LoRA(単独ではモデルになりません)</translation>
    </message>
    <message>
        <source>a VAE alone, without what paints</source>
        <translation>VAE のみ(描く部分がありません)</translation>
    </message>
    <message>
        <source>a UNet alone, in the names of diffusers</source>
        <translation>diffusers 形式の UNet のみ</translation>
    </message>
    <message>
        <source>no file of Stable Diffusion that Nurie knows</source>
        <translation>Nurie の知らないファイル(Stable Diffusion ではありません)</translation>
    </message>
    <message>
        <source>a CLIP that looks at pictures, in the names of transformers (the image encoder of the IP-Adapter)</source>
        <translation>画像を見る CLIP (transformers の名前によるもの。IP-Adapter の画像エンコーダー)</translation>
    </message>
    <message>
        <source>an IP-Adapter for Stable Diffusion 1.x: ip-adapter_sd15 or ip-adapter-plus_sd15</source>
        <translation>Stable Diffusion 1.x 用の IP-Adapter (ip-adapter_sd15 または ip-adapter-plus_sd15)</translation>
    </message>
    <message>
        <source>{0} is {1}; choose a file of Stable Diffusion 1.x in one piece.</source>
        <translation>{0} は {1} です。1 ファイルにまとまった Stable Diffusion 1.x を選んでください。</translation>
    </message>
    <message>
        <source>a ControlNet for line art, made for Stable Diffusion 1.x</source>
        <translation>Stable Diffusion 1.x 用の線画 ControlNet</translation>
    </message>
    <message>
        <source>{0} has other names or sizes than transformers give; choose {1}.</source>
        <translation>{0} の名前や大きさは transformers のものと異なります。{1} を選んでください。</translation>
    </message>
    <message>
        <source>{0} is an IP-Adapter of a kind that Nurie does not know; choose {1}.</source>
        <translation>{0} は Nurie の知らない種類の IP-Adapter です。{1} を選んでください。</translation>
    </message>
    <message>
        <source>{0} was made for other eyes: it takes {1} numbers, and the CLIP gives {2}; choose the image encoder that it was published with.</source>
        <translation>{0} は別の画像エンコーダー用です。必要な数は {1}、CLIP が出す数は {2} です。一緒に公開された画像エンコーダーを選んでください。</translation>
    </message>
    <message>
        <source>{0} is {1}; choose {2}.</source>
        <translation>{0} は{1}です。{2} を選んでください。</translation>
    </message>
    <message>
        <source>{0} is not whole: {1} of {2} tensors are missing ({3}); get the file again.</source>
        <translation>{0} は不完全です。{2} 個のテンソルのうち {1} 個がありません({3})。ファイルを入手し直してください。</translation>
    </message>
    <message>
        <source>There is not enough memory; try a smaller --size or a smaller picture.</source>
        <translation>メモリが足りません。--size を小さくするか、小さい画像で試してください。</translation>
    </message>
    <message>
        <source>The system refused: {0}.</source>
        <translation>システムに拒否されました：{0}。</translation>
    </message>
    <message>
        <source>An unexpected error in Nurie, please report it: {0}</source>
        <translation>Nurie で予期しないエラーが起きました。報告してください：{0}</translation>
    </message>
    <message>
        <source>The system refused: {0} ({1}).</source>
        <translation>システムに拒否されました：{0} ({1})。</translation>
    </message>
    <message>
        <source>Cannot write the picture: its name holds a character that no file can have.</source>
        <translation>画像を書き込めません。名前に、ファイル名に使えない文字があります。</translation>
    </message>
    <message>
        <source>{0} cannot be transparent: JPEG has no such kind; choose PNG or WebP.</source>
        <translation>{0} は透明にできません。JPEG には透明がないので、PNG か WebP を選んでください。</translation>
    </message>
    <message>
        <source>The output {0} must end in {1}.</source>
        <translation>出力 {0} の末尾は {1} でなければなりません。</translation>
    </message>
    <message>
        <source>{0} has no layer &quot;{1}&quot;; it has {2}.</source>
        <translation>{0} にレイヤー「{1}」はありません。あるのは {2} です。</translation>
    </message>
    <message>
        <source>an opacity, a blend mode or a place as a group</source>
        <translation>グループとしての不透明度・合成モード・位置</translation>
    </message>
    <message>
        <source>the blend mode {0}</source>
        <translation>合成モード {0}</translation>
    </message>
    <message>
        <source>more than 8 bits a channel</source>
        <translation>1 チャンネル 8 ビットを超える色</translation>
    </message>
    <message>
        <source>Places of its layers that lie between pixels were rounded.</source>
        <translation>ピクセルの間にあるレイヤーの位置は丸められました。</translation>
    </message>
    <message>
        <source>The folders of the file lie too deep in each other; merge some of them.</source>
        <translation>ファイルのフォルダーの入れ子が深すぎます。いくつか統合してください。</translation>
    </message>
    <message>
        <source>{0} has a picture in it that is too large to open; crop it.</source>
        <translation>{0} に、開くには大きすぎる画像があります。切り抜いてください。</translation>
    </message>
    <message>
        <source>It has no merged picture; its layers were put together.</source>
        <translation>統合画像がないため、レイヤーを重ねました。</translation>
    </message>
    <message>
        <source>The blend mode {0} was taken for normal.</source>
        <translation>合成モード {0} は通常として扱われました。</translation>
    </message>
    <message>
        <source>The layer &quot;{0}&quot; was left out: it is not of pixels, or cannot be read.</source>
        <translation>レイヤー「{0}」は使われませんでした。ピクセルのレイヤーではないか、読み込めません。</translation>
    </message>
    <message>
        <source>Its merged picture cannot be read; its layers were put together.</source>
        <translation>統合画像を読み込めないため、レイヤーを重ねました。</translation>
    </message>
    <message>
        <source>{0} is too large for a palette; choose {1}.</source>
        <translation>{0} はパレットとしては大きすぎます。{1} を選んでください。</translation>
    </message>
    <message>
        <source>{0} is not a palette Nurie can read; use {1}.</source>
        <translation>{0} は Nurie で読み込めるパレットではありません。{1} を使ってください。</translation>
    </message>
    <message>
        <source>{0} is not a file with a palette in it; choose {1}.</source>
        <translation>{0} はパレットのファイルではありません。{1} を選んでください。</translation>
    </message>
    <message>
        <source>The names in it are not in UTF-8; they were read as Latin-1.</source>
        <translation>中の名前が UTF-8 ではないため、Latin-1 として読み込みました。</translation>
    </message>
    <message>
        <source>A line that is no color was left out: line {0}.</source>
        <translation>色ではない行を読み飛ばしました：{0} 行目。</translation>
    </message>
    <message>
        <source>The names in it are not in UTF-8; they were read as Shift-JIS.</source>
        <translation>中の名前が UTF-8 ではないため、Shift-JIS として読み込みました。</translation>
    </message>
    <message>
        <source>Its colors are partly transparent, which was left out.</source>
        <translation>半透明の色がありましたが、透明度は無視されました。</translation>
    </message>
    <message>
        <source>{0} lines that are no colors were left out (the first is line {1}).</source>
        <translation>色ではない {0} 行を読み飛ばしました (最初は {1} 行目)。</translation>
    </message>
    <message>
        <source>{0} cannot be written: a PSD has at most {1} pixels a side; choose .ora or .png.</source>
        <translation>{0} に書き込めません。PSD の一辺は最大 {1} ピクセルです。.ora か .png を選んでください。</translation>
    </message>
    <message>
        <source>the kind {0} instead of pixels</source>
        <translation>ピクセルではない種類 {0}</translation>
    </message>
    <message>
        <source>a mask</source>
        <translation>マスク</translation>
    </message>
    <message>
        <source>a fill opacity</source>
        <translation>塗りの不透明度</translation>
    </message>
    <message>
        <source>an opacity or a blend mode as a group</source>
        <translation>グループとしての不透明度や合成モード</translation>
    </message>
    <message>
        <source>{0} has another size than its drawing; save it again.</source>
        <translation>{0} は線画とサイズが違います。保存し直してください。</translation>
    </message>
    <message>
        <source>{0} is a PSB, and layers can be added to a PSD alone; save it as PSD.</source>
        <translation>{0} は PSB です。レイヤーを追加できるのは PSD だけです。PSD として保存してください。</translation>
    </message>
    <message>
        <source>{0} is no PSD: layers can be added to files of that kind alone.</source>
        <translation>{0} は PSD ではありません。レイヤーを追加できるのは PSD だけです。</translation>
    </message>
    <message>
        <source>{0} has {1} bits a channel, and layers can be added to a PSD of 8 alone; convert it first.</source>
        <translation>{0} はチャンネルあたり {1} ビットです。レイヤーを追加できるのは 8 ビットの PSD だけです。先に変換してください。</translation>
    </message>
    <message>
        <source>{0} has the color mode {1}, and layers can be added to a PSD in RGB alone; convert it first.</source>
        <translation>{0} のカラーモードは {1} です。レイヤーを追加できるのは RGB の PSD だけです。先に変換してください。</translation>
    </message>
    <message>
        <source>{0} has spot colors only, which cannot be read by Nurie yet; convert it to RGB.</source>
        <translation>{0} には特色しかなく、Nurie ではまだ読み込めません。RGB に変換してください。</translation>
    </message>
    <message>
        <source>{0} has no merged picture and is too large to be made from its layers; save it with &quot;Maximize compatibility&quot;, or as a PNG.</source>
        <translation>{0} には統合画像がなく、レイヤーから作るには大きすぎます。「互換性を優先」で保存するか、PNG で保存してください。</translation>
    </message>
    <message>
        <source>{0} has no merged picture, and layers with shapes that cannot be drawn by Nurie yet; save it as a PNG.</source>
        <translation>{0} には統合画像がなく、Nurie でまだ描けないシェイプのレイヤーがあります。PNG で保存してください。</translation>
    </message>
    <message>
        <source>The output {0} is a folder; name a file in it, such as {1}.</source>
        <translation>出力 {0} はフォルダーです。{1} のように、その中のファイル名を指定してください。</translation>
    </message>
    <message>
        <source>There is no folder {0} for the output; create it first.</source>
        <translation>出力先のフォルダー {0} がありません。先に作ってください。</translation>
    </message>
    <message>
        <source>The output cannot be written: {0} is no folder.</source>
        <translation>出力を書き込めません。{0} はフォルダーではありません。</translation>
    </message>
    <message>
        <source>There are no files {0}; check their names and folders.</source>
        <translation>ファイル {0} がありません。名前とフォルダーを確かめてください。</translation>
    </message>
    <message>
        <source>The output would overwrite {0}; choose another name for the output.</source>
        <translation>出力が {0} を上書きしてしまいます。別の名前を選んでください。</translation>
    </message>
    <message>
        <source>The palette has no swatch &apos;{0}&apos;; it has {1}.</source>
        <translation>パレットに色「{0}」はありません。あるのは {1} です。</translation>
    </message>
    <message>
        <source>Its transparency hides all of it, so it was read as opaque.</source>
        <translation>透明度によってすべてが隠れるため、不透明として読み込みました。</translation>
    </message>
    <message>
        <source>It has {0} frames; number {1} is used, the first that is not empty.</source>
        <translation>{0} フレームあります。空でない最初の {1} 番を使います。</translation>
    </message>
    <message>
        <source>It has {0} frames; the first is used.</source>
        <translation>{0} フレームあります。最初のものを使います。</translation>
    </message>
    <message>
        <source>a rare kind of JPEG (lossless or hierarchical)</source>
        <translation>珍しい種類の JPEG (ロスレスまたは階層型)</translation>
    </message>
    <message>
        <source>{0}-bit colors in a JPEG</source>
        <translation>JPEG の {0} ビットの色</translation>
    </message>
    <message>
        <source>{0} channels in a JPEG</source>
        <translation>JPEG の {0} チャンネル</translation>
    </message>
    <message>
        <source>save it as PNG in the program it comes from</source>
        <translation>元のプログラムで PNG として保存してください</translation>
    </message>
    <message>
        <source>save it as PNG first</source>
        <translation>先に PNG として保存してください</translation>
    </message>
    <message>
        <source>{0} has {1}, which cannot be read by Nurie yet; {2}.</source>
        <translation>{0} には「{1}」があり、Nurie ではまだ読み込めません。{2}。</translation>
    </message>
    <message>
        <source>{0} is {1}, which cannot be read by Nurie yet; save it as PNG or JPEG first.</source>
        <translation>{0} は{1}で、Nurie ではまだ読み込めません。先に PNG か JPEG で保存してください。</translation>
    </message>
    <message>
        <source>a JPEG XL picture</source>
        <translation>JPEG XL 画像</translation>
    </message>
    <message>
        <source>a JPEG 2000 picture</source>
        <translation>JPEG 2000 画像</translation>
    </message>
    <message>
        <source>a JPEG XR picture</source>
        <translation>JPEG XR 画像</translation>
    </message>
    <message>
        <source>a Photoshop file under another name</source>
        <translation>名前の違う Photoshop ファイル</translation>
    </message>
    <message>
        <source>give it a name that ends in .psd</source>
        <translation>.psd で終わる名前にしてください</translation>
    </message>
    <message>
        <source>an OpenRaster file under another name</source>
        <translation>名前の違う OpenRaster ファイル</translation>
    </message>
    <message>
        <source>give it a name that ends in .ora</source>
        <translation>.ora で終わる名前にしてください</translation>
    </message>
    <message>
        <source>a Krita file</source>
        <translation>Krita のファイル</translation>
    </message>
    <message>
        <source>save it as .ora, .psd or PNG</source>
        <translation>.ora、.psd、PNG のいずれかで保存してください</translation>
    </message>
    <message>
        <source>a ZIP file</source>
        <translation>ZIP ファイル</translation>
    </message>
    <message>
        <source>unpack it, or save it as PNG</source>
        <translation>展開するか、PNG として保存してください</translation>
    </message>
    <message>
        <source>a file of Clip Studio Paint</source>
        <translation>Clip Studio Paint のファイル</translation>
    </message>
    <message>
        <source>save it as .psd or PNG</source>
        <translation>.psd か PNG で保存してください</translation>
    </message>
    <message>
        <source>a GIMP file</source>
        <translation>GIMP のファイル</translation>
    </message>
    <message>
        <source>save it as .psd, .ora or PNG</source>
        <translation>.psd、.ora、PNG のいずれかで保存してください</translation>
    </message>
    <message>
        <source>a file of a painting program</source>
        <translation>ペイントソフトのファイル</translation>
    </message>
    <message>
        <source>a PDF file</source>
        <translation>PDF ファイル</translation>
    </message>
    <message>
        <source>save its page as PNG</source>
        <translation>ページを PNG として保存してください</translation>
    </message>
    <message>
        <source>a PostScript file</source>
        <translation>PostScript ファイル</translation>
    </message>
    <message>
        <source>save it as PNG</source>
        <translation>PNG として保存してください</translation>
    </message>
    <message>
        <source>an SVG picture of vectors</source>
        <translation>ベクターの SVG 画像</translation>
    </message>
    <message>
        <source>an OpenEXR picture</source>
        <translation>OpenEXR 画像</translation>
    </message>
    <message>
        <source>a Radiance HDR picture</source>
        <translation>Radiance HDR 画像</translation>
    </message>
    <message>
        <source>a QOI picture</source>
        <translation>QOI 画像</translation>
    </message>
    <message>
        <source>a DDS texture</source>
        <translation>DDS テクスチャ</translation>
    </message>
    <message>
        <source>an icon</source>
        <translation>アイコン</translation>
    </message>
    <message>
        <source>an IFF picture</source>
        <translation>IFF 画像</translation>
    </message>
    <message>
        <source>a PCX picture</source>
        <translation>PCX 画像</translation>
    </message>
    <message>
        <source>a PAM picture</source>
        <translation>PAM 画像</translation>
    </message>
    <message>
        <source>a camera&apos;s raw picture</source>
        <translation>カメラの RAW 画像</translation>
    </message>
    <message>
        <source>a palette and no picture</source>
        <translation>画像ではなくパレット</translation>
    </message>
    <message>
        <source>choose it as the palette</source>
        <translation>パレットとして選んでください</translation>
    </message>
    <message>
        <source>an AVIF picture</source>
        <translation>AVIF 画像</translation>
    </message>
    <message>
        <source>{0} is {1}, which cannot be read by Nurie yet; {2}.</source>
        <translation>{0} は{1}で、Nurie ではまだ読み込めません。{2}。</translation>
    </message>
    <message>
        <source>a HEIC picture</source>
        <translation>HEIC 画像</translation>
    </message>
    <message>
        <source>a film</source>
        <translation>動画</translation>
    </message>
    <message>
        <source>{0} is {1}; {2}.</source>
        <translation>{0} は{1}です。{2}。</translation>
    </message>
    <message>
        <source>{0} is {1}×{2} pixels and the limit is {3} million pixels, {4} on a side; make it smaller first.</source>
        <translation>{0} は {1}×{2} ピクセルです。上限は {3} 百万ピクセル、一辺 {4} ピクセルなので、先に小さくしてください。</translation>
    </message>
    <message>
        <source>{0} is {1}×{2} pixels in a file too small for a drawing of this size; make it smaller, or save it without compression.</source>
        <translation>{0} は {1}×{2} ピクセルですが、この大きさの絵にしてはファイルが小さすぎます。縮小するか、圧縮せずに保存してください。</translation>
    </message>
    <message>
        <source>color profile</source>
        <translation>カラープロファイル</translation>
    </message>
    <message>
        <source>camera data (EXIF)</source>
        <translation>カメラ情報 (EXIF)</translation>
    </message>
    <message>
        <source>resolution</source>
        <translation>解像度</translation>
    </message>
    <message>
        <source>text</source>
        <translation>テキスト</translation>
    </message>
    <message>
        <source>time</source>
        <translation>日時</translation>
    </message>
    <message>
        <source>gamma</source>
        <translation>ガンマ</translation>
    </message>
    <message>
        <source>primary colors</source>
        <translation>原色</translation>
    </message>
    <message>
        <source>Its {0} is damaged and was left out.</source>
        <translation>壊れていた「{0}」は読み飛ばされました。</translation>
    </message>
    <message>
        <source>animation</source>
        <translation>アニメーション</translation>
    </message>
    <message>
        <source>The end of the file is missing, but no pixel.</source>
        <translation>ファイルの末尾が欠けていますが、ピクセルは欠けていません。</translation>
    </message>
    <message>
        <source>chunk {0}</source>
        <translation>チャンク {0}</translation>
    </message>
    <message>
        <source>unknown part</source>
        <translation>不明な部分</translation>
    </message>
    <message>
        <source>{0} pages</source>
        <translation>{0} ページ</translation>
    </message>
    <message>
        <source>{0} pages or more</source>
        <translation>{0} ページ以上</translation>
    </message>
    <message>
        <source>the first is used</source>
        <translation>最初のものを使います</translation>
    </message>
    <message>
        <source>the largest, page {0}, is used</source>
        <translation>最も大きい {0} ページ目を使います</translation>
    </message>
    <message>
        <source>{0} scans in a JPEG</source>
        <translation>JPEG の {0} 回のスキャン</translation>
    </message>
    <message>
        <source>It has {0}; {1}.</source>
        <translation>{0}あります。{1}。</translation>
    </message>
    <message>
        <source>colors or a compression that is rare in a BMP</source>
        <translation>BMP では珍しい色または圧縮</translation>
    </message>
    <message>
        <source>number {0}</source>
        <translation>番号 {0}</translation>
    </message>
    <message>
        <source>compression of the kind {0} in a TIFF</source>
        <translation>TIFF の {0} という種類の圧縮</translation>
    </message>
    <message>
        <source>save it with LZW or without compression</source>
        <translation>LZW か無圧縮で保存してください</translation>
    </message>
    <message>
        <source>colors of the kind {0} in this form</source>
        <translation>この形式での {0} という種類の色</translation>
    </message>
    <message>
        <source>save it as RGB with 8 or 16 bits</source>
        <translation>8 ビットか 16 ビットの RGB で保存してください</translation>
    </message>
    <message>
        <source>inks other than cyan, magenta, yellow and black</source>
        <translation>シアン・マゼンタ・イエロー・ブラック以外のインク</translation>
    </message>
    <message>
        <source>save it as RGB</source>
        <translation>RGB で保存してください</translation>
    </message>
    <message>
        <source>{0} colors</source>
        <translation>{0} の色</translation>
    </message>
    <message>
        <source>save it with 8 or 16 bits</source>
        <translation>8 ビットか 16 ビットで保存してください</translation>
    </message>
    <message>
        <source>a rare order of its bytes</source>
        <translation>珍しいバイトの並び</translation>
    </message>
    <message>
        <source>Its extra channels ({0}) were left out.</source>
        <translation>余分なチャンネル ({0}) は使われませんでした。</translation>
    </message>
    <message>
        <source>What is brighter than white in it was cut off.</source>
        <translation>白より明るい部分は切り捨てられました。</translation>
    </message>
    <message>
        <source>text (XMP)</source>
        <translation>テキスト (XMP)</translation>
    </message>
    <message>
        <source>The palette has no {0}: the nearest was taken, {1}.</source>
        <translation>パレットに {0} がないため、最も近い {1} を使いました。</translation>
    </message>
    <message>
        <source>{0} (and {1} more)</source>
        <translation>{0} (ほか {1} か所)</translation>
    </message>
    <message>
        <source>Its merged picture is multiplied with the colors; its layers are exact.</source>
        <translation>統合画像は色を乗算したものです。レイヤーは正確です。</translation>
    </message>
    <message>
        <source>The drawing is the layers {0}; choose others with --line-layer.</source>
        <translation>線画にはレイヤー {0} を使いました。ほかのレイヤーは --line-layer で選べます。</translation>
    </message>
    <message>
        <source>The drawing is the layers {0}, by their names; choose others with --line-layer.</source>
        <translation>名前から、レイヤー {0} を線画としました。ほかのレイヤーは --line-layer で選べます。</translation>
    </message>
    <message>
        <source>{0} is a file of Nurie&apos;s own: color it without --into.</source>
        <translation>{0} は Nurie 自身のファイルです。--into なしで着色してください。</translation>
    </message>
    <message>
        <source>The layer {0} lies over all and hides the colors; hide it to see them.</source>
        <translation>レイヤー「{0}」がすべての上にあり、色を隠しています。色を見るには非表示にしてください。</translation>
    </message>
    <message>
        <source>The outline is open towards the paper at {0} ({1}): region {2} can run out.</source>
        <translation>輪郭が {0} ({1}) で紙に向かって開いています。領域 {2} からはみ出すことがあります。</translation>
    </message>
    <message>
        <source>1 pixel</source>
        <translation>1 ピクセル</translation>
    </message>
    <message>
        <source>{0} pixels</source>
        <translation>{0} ピクセル</translation>
    </message>
    <message>
        <source>The outline is open at {0} ({1}): only the gap setting keeps regions {2} and {3} apart.</source>
        <translation>輪郭が {0} ({1}) で開いています。領域 {2} と {3} を分けているのは隙間の設定だけです。</translation>
    </message>
    <message>
        <source>Two colors share region {0}: one ran through the gap at {1} ({2} wide).</source>
        <translation>領域 {0} に 2 つの色が混ざっています。{1} の隙間 (幅 {2}) から流れ込みました。</translation>
    </message>
    <message>
        <source>The color of region {0} runs over paper to the edge of the picture at {1} ({2}).</source>
        <translation>領域 {0} の色が、{1} ({2}) で紙を越えて画像の端まで流れ出ています。</translation>
    </message>
    <message>
        <source>The levels are {0} and {1}; choose black below white, both from 0 to 255.</source>
        <translation>レベルが {0} と {1} です。黒は白より小さく、どちらも 0 から 255 で指定してください。</translation>
    </message>
    <message>
        <source>Dots of {0} pixels are no specks; choose 0 to {1}.</source>
        <translation>{0} ピクセルの点はごみとは言えません。0 から {1} で指定してください。</translation>
    </message>
    <message>
        <source>The lines were extracted from a color picture; the drawing&apos;s own ink (--lines ink) takes them as drawn.</source>
        <translation>線はカラー画像から抽出されました。絵そのものの線 (--lines ink) を使えば、描かれたままになります。</translation>
    </message>
    <message>
        <source>The paper was made white and the ink darkened, as in a scan; untouched lines (--lines untouched) leave both.</source>
        <translation>スキャンとして、紙を白く、線を濃くしました。線をそのまま使う設定 (--lines untouched) では、どちらも変わりません。</translation>
    </message>
    <message>
        <source>The paper was made white, as in a scan; untouched lines (--lines untouched) leave it as it is.</source>
        <translation>スキャンとして、紙を白くしました。線をそのまま使う設定 (--lines untouched) では変わりません。</translation>
    </message>
    <message>
        <source>Light lines on dark became black lines on white; untouched lines (--lines untouched) leave them light.</source>
        <translation>暗い地の明るい線を、白い紙の黒い線にしました。線をそのまま使う設定 (--lines untouched) では明るいままです。</translation>
    </message>
    <message>
        <source>Colored trace lines bound regions and are no lines; untouched lines (--lines untouched) keep them.</source>
        <translation>色トレス線は領域の境界として使われ、線としては残りません。線をそのまま使う設定 (--lines untouched) では残ります。</translation>
    </message>
    <message>
        <source>The rough under the ink is a hidden layer of its own; untouched lines (--lines untouched) keep it.</source>
        <translation>線の下のラフは、非表示の別のレイヤーになります。線をそのまま使う設定 (--lines untouched) では残ります。</translation>
    </message>
    <message>
        <source>The line thickness sigma is {0:g}; choose one from {1:.2f} to {2:.2f}.</source>
        <translation>線の太さ sigma が {0:g} です。{1:.2f} から {2:.2f} で指定してください。</translation>
    </message>
    <message>
        <source>There is no region {0}; choose one from 1 to {1}.</source>
        <translation>領域 {0} はありません。1 から {1} で指定してください。</translation>
    </message>
    <message>
        <source>The gap to close is {0} pixels; choose one from 0 to {1}.</source>
        <translation>閉じる隙間が {0} ピクセルです。0 から {1} で指定してください。</translation>
    </message>
    <message>
        <source>{0} is not a model that matches parts: get the file again.</source>
        <translation>{0}はパーツを照合するモデルではありません。ファイルを入手し直してください。</translation>
    </message>
    <message>
        <source>There is no file of {0}: get it again.</source>
        <translation>{0} のファイルがありません。もう一度入手してください。</translation>
    </message>
    <message>
        <source>The model &apos;{0}&apos; is no adapted one, and only those come with a project.</source>
        <translation>モデル「{0}」は追加学習したモデルではありません。プロジェクトに付けられるのは追加学習したモデルだけです。</translation>
    </message>
    <message>
        <source>There is a model named &apos;{0}&apos; already; it stays as it is.</source>
        <translation>「{0}」という名前のモデルがすでにあります。そのまま残します。</translation>
    </message>
    <message>
        <source>No model is installed; name the file of one ({0}).</source>
        <translation>モデルがインストールされていません。モデルファイル ({0}) を指定してください。</translation>
    </message>
    <message>
        <source>There is no folder for installed models; name one in the environment as NURIE_MODELS.</source>
        <translation>モデルをインストールするフォルダーがありません。環境変数 NURIE_MODELS で指定してください。</translation>
    </message>
    <message>
        <source>The model file {0} has a config that builds no network: {1}.</source>
        <translation>モデルファイル {0} の設定からネットワークを作れません：{1}。</translation>
    </message>
    <message>
        <source>The model was not installed, an older one stays as it was: {0}</source>
        <translation>モデルはインストールされませんでした。以前のものはそのまま残っています：{0}</translation>
    </message>
    <message>
        <source>The model file {0} is damaged; get the file again.</source>
        <translation>モデルファイル {0} は壊れています。ファイルを入手し直してください。</translation>
    </message>
    <message>
        <source>{0} is from {1:g} to {2:g}, not {3:g}</source>
        <translation>{0} は {1:g} から {2:g} までです。{3:g} は使えません</translation>
    </message>
    <message>
        <source>levels are black and white from 0 to 255, as in [20, 230]</source>
        <translation>レベルは [20, 230] のように、黒と白を 0 から 255 で指定します</translation>
    </message>
    <message>
        <source>Only swatches can be recolored: leave --flats on and --palette at lock or a file.</source>
        <translation>塗り替えられるのはパレットの色だけです。--flats をオンにし、--palette を lock かファイルにしてください。</translation>
    </message>
    <message>
        <source>A palette, shading and corrections need flats: leave them on.</source>
        <translation>パレット・影・修正には下塗りが必要です。下塗りをオンにしてください。</translation>
    </message>
    <message>
        <source>The model {0} paints without {1}: leave it out, or choose another model.</source>
        <translation>モデル {0} は {1} を使いません。指定をやめるか、別のモデルを選んでください。</translation>
    </message>
    <message>
        <source>There is no reference picture to take colors from; name one with --reference.</source>
        <translation>色を取る参照画像がありません。--reference で指定してください。</translation>
    </message>
    <message>
        <source>There are {0} weights for {1} references: give each one at most.</source>
        <translation>{1} 枚の参照画像に {0} 個の重みがあります。重みは 1 枚に 1 つまでです。</translation>
    </message>
    <message>
        <source>The model {0} colors in one look: leave out {1}, or choose a model that paints in steps.</source>
        <translation>モデル {0} は一度で着色します。{1} の指定をやめるか、段階的に描くモデルを選んでください。</translation>
    </message>
    <message>
        <source>The mask {0} has {1}×{2} pixels and {3} has {4}×{5}: make them the same.</source>
        <translation>マスク {0} は {1}×{2} ピクセル、{3} は {4}×{5} ピクセルです。同じサイズにしてください。</translation>
    </message>
    <message>
        <source>The mask {0} has no figure in it: paint the figure white.</source>
        <translation>マスク {0} に人物がありません。人物を白で塗ってください。</translation>
    </message>
    <message>
        <source>{0} cannot be transparent: choose another kind of file, or leave the paper on.</source>
        <translation>{0} は透明にできません。ほかの形式を選ぶか、用紙をオンにしてください。</translation>
    </message>
    <message>
        <source>Lines alone have no swatches: leave out one of the two.</source>
        <translation>線だけではスウォッチがありません。どちらか一方にしてください。</translation>
    </message>
    <message>
        <source>it is nested too deep</source>
        <translation>入れ子が深すぎます</translation>
    </message>
    <message>
        <source>it is too long</source>
        <translation>長すぎます</translation>
    </message>
    <message>
        <source>it has a number with too many digits</source>
        <translation>桁数の多すぎる数があります</translation>
    </message>
    <message>
        <source>it has a number that is too large</source>
        <translation>大きすぎる数があります</translation>
    </message>
    <message>
        <source>it has too many values</source>
        <translation>値が多すぎます</translation>
    </message>
    <message>
        <source>it is not UTF-8 text; save it as UTF-8</source>
        <translation>UTF-8 のテキストではありません。UTF-8 で保存してください</translation>
    </message>
    <message>
        <source>it has a text with the character NUL</source>
        <translation>NUL 文字を含む文字列があります</translation>
    </message>
    <message>
        <source>it has a text with half a character</source>
        <translation>不完全な文字を含む文字列があります</translation>
    </message>
    <message>
        <source>The model needs the architecture &apos;{0}&apos;, which this version of Nurie does not have (it has: {1}); update Nurie or choose another model.</source>
        <translation>このモデルに必要な構造「{0}」に、この版の Nurie は対応していません（対応：{1}）。Nurie を更新するか、別のモデルを選んでください。</translation>
    </message>
    <message>
        <source>The model&apos;s config has settings that {0} does not know ({1}); update Nurie or choose another model.</source>
        <translation>モデルの設定に {0} が対応していない項目があります ({1})。Nurie を更新するか、別のモデルを選んでください。</translation>
    </message>
    <message>
        <source>The model&apos;s config is damaged: {0} misses {1}.</source>
        <translation>モデルの設定が壊れています。{0} に {1} がありません。</translation>
    </message>
    <message>
        <source>The model&apos;s config is damaged: {0} needs an object of settings.</source>
        <translation>モデルの設定が壊れています。{0} には設定のオブジェクトが必要です。</translation>
    </message>
    <message>
        <source>The model&apos;s config is damaged: {0} must be {1}, not {2}.</source>
        <translation>モデルの設定が壊れています。{0} は {1} でなければなりませんが、{2} です。</translation>
    </message>
    <message>
        <source>The model&apos;s config does not fit {0}: {1}.</source>
        <translation>モデルの設定が {0} に合いません：{1}。</translation>
    </message>
    <message>
        <source>The colors are those of the file.</source>
        <translation>色はファイルのものです。</translation>
    </message>
    <message>
        <source>The weight of {0} is {1:g}; choose one from 0 to {2:g}.</source>
        <translation>{0} の重みが {1:g} です。0 から {2:g} で指定してください。</translation>
    </message>
    <message>
        <source>There are no frames to color: add at least one drawing.</source>
        <translation>着色するフレームがありません。絵を 1 枚以上追加してください。</translation>
    </message>
    <message>
        <source>There is no frame {0} to be a key frame: they are numbered from 0.</source>
        <translation>キーフレームにするフレーム {0} がありません。番号は 0 から始まります。</translation>
    </message>
    <message>
        <source>There is no folder or video {0}; check its name.</source>
        <translation>フォルダーも動画も {0} にはありません。名前を確かめてください。</translation>
    </message>
    <message>
        <source>{0} is neither a folder of frames nor a video ({1}).</source>
        <translation>{0} はフレームのフォルダーでも動画({1})でもありません。</translation>
    </message>
    <message>
        <source>{0} has a high dynamic range, which drawings have not: convert it to SDR first.</source>
        <translation>{0} は HDR です。線画では使えないので、先に SDR に変換してください。</translation>
    </message>
    <message>
        <source>{0} has even sides: its last row or column is there twice.</source>
        <translation>{0} は辺の長さを偶数にするため、最後の行または列が 2 回入ります。</translation>
    </message>
    <message>
        <source>Colors in {0} are approximate; {1} keep them.</source>
        <translation>{0} の色は近似です。{1} なら正確に保たれます。</translation>
    </message>
    <message>
        <source>The sound of {0} could not be taken over.</source>
        <translation>{0} の音声は引き継げませんでした。</translation>
    </message>
    <message>
        <source>Sound is left out: taking it over needs the package PyAV (pip install av).</source>
        <translation>音声は省きました。引き継ぐには PyAV パッケージが必要です(pip install av)。</translation>
    </message>
    <message>
        <source>{0} would be too large for a GIF after {1} frames: write .mkv or a folder instead.</source>
        <translation>{0} は {1} フレームで GIF には大きすぎます。.mkv かフォルダーに書き出してください。</translation>
    </message>
    <message>
        <source>A video is written as {0}; for {1} write one of these, or a folder of pictures, and convert it.</source>
        <translation>動画は {0} で書き出せます。{1} が必要なときは、これらか画像のフォルダーに書き出してから変換してください。</translation>
    </message>
    <message>
        <source>There are no pictures in {0}; choose the folder of the frames.</source>
        <translation>{0} に画像がありません。フレームのフォルダーを選んでください。</translation>
    </message>
    <message>
        <source>Cannot write {0}: this computer&apos;s video library has no encoder for it.</source>
        <translation>{0} に書き込めません。このコンピューターの動画ライブラリーにはそのエンコーダーがありません。</translation>
    </message>
    <message>
        <source>{0} cannot be read as a video; it is damaged or of a kind unknown here.</source>
        <translation>{0} を動画として読めません。壊れているか、未知の形式です。</translation>
    </message>
    <message>
        <source>There is no frame {0} in {1} any more.</source>
        <translation>{1} にはフレーム {0} がもうありません。</translation>
    </message>
    <message>
        <source>{0} is {1}×{2} pixels and the frames before it are {3}×{4}: a scene has one size.</source>
        <translation>{0} は {1}×{2} ピクセルですが、それより前のフレームは {3}×{4} です。1 つのシーンのサイズは同じでなければなりません。</translation>
    </message>
    <message>
        <source>Following the regions</source>
        <translation>領域を追跡中</translation>
    </message>
    <message>
        <source>There are no frames in {0}.</source>
        <translation>{0} にフレームがありません。</translation>
    </message>
    <message>
        <source>Looking at the frames</source>
        <translation>フレームを確認中</translation>
    </message>
    <message>
        <source>The shot from frame {0} has no key frame: another shot&apos;s colors it.</source>
        <translation>フレーム {0} からのショットにはキーフレームがないため、ほかのショットのキーフレームで着色しました。</translation>
    </message>
    <message>
        <source>{0} has another shape than frame {1}: it is used as a sheet.</source>
        <translation>{0} はフレーム {1} と縦横比が違うため、設定画として使いました。</translation>
    </message>
    <message>
        <source>{0} is another drawing than frame {1}: it is used as a sheet.</source>
        <translation>{0} はフレーム {1} と違う絵なので、設定画として使いました。</translation>
    </message>
    <message>
        <source>The correction at {0}, {1} lies outside frame {2}.</source>
        <translation>修正の位置 {0}, {1} がフレーム {2} の外にあります。</translation>
    </message>
    <message>
        <source>What was known of frame {0} is gone: color the scene again.</source>
        <translation>フレーム {0} の記録がなくなりました。シーンをもう一度着色してください。</translation>
    </message>
    <message>
        <source>Writing the frames</source>
        <translation>フレームを書き出し中</translation>
    </message>
    <message>
        <source>Two references are said to be frame {0}; give each frame one.</source>
        <translation>2 枚の参照画像がフレーム {0} とされています。1 フレームに 1 枚だけ指定してください。</translation>
    </message>
    <message>
        <source>There is no frame {0} in {1}; they are numbered from 0.</source>
        <translation>{1} にフレーム {0} はありません。番号は 0 からです。</translation>
    </message>
    <message>
        <source>{0} is being colored already; wait for it, or stop it first.</source>
        <translation>{0} はすでに着色中です。終わるのを待つか、先に止めてください。</translation>
    </message>
    <message>
        <source>Each panel was colored by itself; there are {0} (--panels off takes the page as one picture).</source>
        <translation>{0} 個のコマを、それぞれ別に着色しました(--panels off でページ全体を 1 枚として扱います)。</translation>
    </message>
    <message>
        <source>This long drawing was looked at in {0} pieces (--panels off takes it as one picture).</source>
        <translation>この縦長の線画を {0} 個に分けて着色しました(--panels off で 1 枚として扱います)。</translation>
    </message>
    <message>
        <source>There is no panel {0} in this drawing: its reference was left out.</source>
        <translation>この線画にコマ {0} はないため、その参照画像は使いませんでした。</translation>
    </message>
    <message>
        <source>Looking at the drawing</source>
        <translation>線画を確認中</translation>
    </message>
    <message>
        <source>The model&apos;s card cannot be written: {0}</source>
        <translation>モデルカードを書き込めません：{0}</translation>
    </message>
    <message>
        <source>it is tiny, {0} pixels on its longer side, and at least {1} are needed.</source>
        <translation>小さすぎます（長辺 {0} ピクセル、{1} ピクセル以上が必要です）。</translation>
    </message>
    <message>
        <source>there is nothing drawn on it.</source>
        <translation>何も描かれていません。</translation>
    </message>
    <message>
        <source>it is (nearly) the same picture as {0}.</source>
        <translation>{0} と（ほぼ）同じ画像です。</translation>
    </message>
    <message>
        <source>{0}, adapted to one character.</source>
        <translation>{0} を 1 人のキャラクターに合わせて追加学習したモデルです。</translation>
    </message>
    <message>
        <source>The folder {0} holds another training; choose another one.</source>
        <translation>フォルダー {0} には別の学習が入っています。別のフォルダーを選んでください。</translation>
    </message>
    <message>
        <source>The folder {0} holds a run of other pictures or settings; choose another one, or remove it.</source>
        <translation>フォルダー {0} には別の画像や設定での学習が入っています。別のフォルダーを選ぶか、削除してください。</translation>
    </message>
    <message>
        <source>The loss is not a number at step {0}: adapt with other pictures, or to another base.</source>
        <translation>ステップ {0} で損失が計算できなくなりました。別の画像を使うか、別のモデルを選んでください。</translation>
    </message>
    <message>
        <source>The adapted model {0} is of another network than its base; adapt it anew.</source>
        <translation>追加学習モデル {0} は元のモデルとネットワークが異なります。もう一度追加学習を行ってください。</translation>
    </message>
    <message>
        <source>There is no folder {0}; check the name.</source>
        <translation>{0} というフォルダーはありません。名前を確認してください。</translation>
    </message>
    <message>
        <source>The input {0} is a file; name the folder it lies in.</source>
        <translation>入力 {0} はファイルです。そのファイルが入っているフォルダーを指定してください。</translation>
    </message>
    <message>
        <source>You have no permission to look into the folder {0}; choose another one.</source>
        <translation>フォルダー {0} を開く権限がありません。別のフォルダーを選んでください。</translation>
    </message>
    <message>
        <source>{0} names no reference picture; put a file name into its list references.</source>
        <translation>{0} に参照画像が指定されていません。references の一覧にファイル名を書いてください。</translation>
    </message>
    <message>
        <source>{0} names the reference {1}, which is not there; check the name.</source>
        <translation>{0} で指定された参照画像 {1} がありません。名前を確認してください。</translation>
    </message>
    <message>
        <source>{0} is not TOML: {1}.</source>
        <translation>{0} は正しい TOML ではありません：{1}。</translation>
    </message>
    <message>
        <source>{0} cannot be used: {1}</source>
        <translation>{0} を使用できません：{1}</translation>
    </message>
    <message>
        <source>The folder {0} cannot be read: {1}.</source>
        <translation>フォルダー {0} を読み取れません：{1}。</translation>
    </message>
    <message>
        <source>Another batch is writing into {0}; wait for it, or stop it first.</source>
        <translation>別の一括処理が {0} に書き出しています。終わるのを待つか、先に停止してください。</translation>
    </message>
    <message>
        <source>The folder {0} cannot be written: {1}.</source>
        <translation>フォルダー {0} に書き込めません：{1}。</translation>
    </message>
    <message>
        <source>The journal {0} cannot be written: {1}.</source>
        <translation>記録ファイル {0} に書き込めません：{1}。</translation>
    </message>
    <message>
        <source>The journal {0} cannot be written: the disk is full.</source>
        <translation>記録ファイル {0} に書き込めません。ディスクがいっぱいです。</translation>
    </message>
    <message>
        <source>The folder {0} has no drawing in it; put picture files there.</source>
        <translation>フォルダー {0} に線画がありません。画像ファイルを入れてください。</translation>
    </message>
    <message>
        <source>The folder {0} has no drawing whose name fits {1}; check the pattern.</source>
        <translation>フォルダー {0} に、名前が {1} に一致する線画がありません。パターンを確認してください。</translation>
    </message>
    <message>
        <source>The folder {0} may not be looked into and is left out.</source>
        <translation>フォルダー {0} は開く権限がないため除外します。</translation>
    </message>
    <message>
        <source>There is no reference for it: name one, or put pictures into a folder references.</source>
        <translation>参照画像がありません。参照画像を指定するか、references フォルダーに画像を入れてください。</translation>
    </message>
    <message>
        <source>The output {0} is a file; name a folder for the pictures.</source>
        <translation>書き出し先 {0} はファイルです。フォルダーを指定してください。</translation>
    </message>
    <message>
        <source>The output folder is the input folder; choose another one, such as a folder in it.</source>
        <translation>書き出し先が入力フォルダーと同じです。その中のフォルダーなど、別の場所を選んでください。</translation>
    </message>
    <message>
        <source>The folder {0} may not be written to; choose another folder for the output.</source>
        <translation>フォルダー {0} に書き込む権限がありません。書き出し先に別のフォルダーを選んでください。</translation>
    </message>
    <message>
        <source>The picture would overwrite {0}; choose another output folder.</source>
        <translation>画像が {0} を上書きしてしまいます。別の書き出し先を選んでください。</translation>
    </message>
    <message>
        <source>There is no reference {0}; check its name and folder.</source>
        <translation>参照画像 {0} がありません。名前とフォルダーを確認してください。</translation>
    </message>
    <message>
        <source>The references given are not used: {0} has its own, which stand nearer.</source>
        <translation>指定した参照画像は使われません。{0} に専用の参照画像があり、そちらを優先します。</translation>
    </message>
    <message>
        <source>there are {0} pictures already, and more bring nothing.</source>
        <translation>すでに {0} 枚あり、これ以上増やしても効果がありません。</translation>
    </message>
    <message>
        <source>Reading</source>
        <translation>読み込んでいます</translation>
    </message>
    <message>
        <source>Reading the references</source>
        <translation>参照画像を読み込んでいます</translation>
    </message>
    <message>
        <source>Loading the model</source>
        <translation>モデルを読み込んでいます</translation>
    </message>
    <message>
        <source>Saving</source>
        <translation>保存しています</translation>
    </message>
    <message>
        <source>There is no picture to learn from.</source>
        <translation>学習に使える画像がありません。</translation>
    </message>
    <message>
        <source>There is no picture to learn from: {0}: {1}</source>
        <translation>学習に使える画像がありません：{0}：{1}</translation>
    </message>
    <message>
        <source>There is no picture to spare for judging: a strong warp of one stands for another pose, which proves less.</source>
        <translation>検証用に回せる画像がないため、1 枚を大きく変形して別のポーズの代わりにします。判定の確かさは下がります。</translation>
    </message>
    <message>
        <source>There is too little memory to adapt a model here: close other programs.</source>
        <translation>追加学習に必要なメモリが足りません。他のソフトを終了してください。</translation>
    </message>
    <message>
        <source>It colors held-out pictures no better than before.</source>
        <translation>検証用の画像では、以前より良くなりませんでした。</translation>
    </message>
    <message>
        <source>The run&apos;s folder {0} cannot be used ({1}); choose another one.</source>
        <translation>学習用のフォルダー {0} を使用できません ({1})。別のフォルダーを選んでください。</translation>
    </message>
    <message>
        <source>The adapted model {0} is damaged ({1}); adapt the character anew.</source>
        <translation>追加学習モデル {0} が破損しています ({1})。もう一度追加学習を行ってください。</translation>
    </message>
    <message>
        <source>The adapted model &apos;{0}&apos; changes the model &apos;{1}&apos;, which is not there; install that one first.</source>
        <translation>追加学習モデル「{0}」の元のモデル「{1}」がありません。先にそちらをインストールしてください。</translation>
    </message>
    <message>
        <source>{0} is line art without colors; did you mean it as the drawing?</source>
        <translation>{0} は色のない線画です。着色する線画のつもりでしたか?</translation>
    </message>
    <message>
        <source>The network saw this long drawing at {0}×{1} pixels, which is little; in pieces (--panels auto) or at a larger working size it is colored better.</source>
        <translation>この縦長の線画は {0}×{1} ピクセルに縮めて処理されました。分割(--panels auto)するか作業サイズを大きくすると、よりよく着色できます。</translation>
    </message>
    <message>
        <source>{0} must have the corrections of each frame under the frame&apos;s number.</source>
        <translation>{0} には、フレーム番号ごとにそのフレームの修正が必要です。</translation>
    </message>
    <message>
        <source>The adapted model &apos;{0}&apos; was made from another version of &apos;{1}&apos; than the one that is there now; adapt the character anew.</source>
        <translation>追加学習モデル「{0}」は、現在とは別の版の「{1}」から作られています。もう一度追加学習を行ってください。</translation>
    </message>
    <message>
        <source>There is a model named &apos;{0}&apos; already that is not adapted; choose another name.</source>
        <translation>「{0}」という名前の別のモデルがすでにあります。別の名前を選んでください。</translation>
    </message>
    <message>
        <source>A model cannot be called &apos;{0}&apos;; use letters or digits.</source>
        <translation>「{0}」はモデルの名前に使えません。文字か数字を使ってください。</translation>
    </message>
    <message>
        <source>The model {0} cannot be deleted: {1}.</source>
        <translation>モデル {0} を削除できません：{1}。</translation>
    </message>
    <message>
        <source>The folder {0} cannot be made: {1}.</source>
        <translation>フォルダー {0} を作れません：{1}。</translation>
    </message>
    <message>
        <source>{0} is written with the package PyAV, which is not installed here: install it (pip install av), or write one of {1} or a folder.</source>
        <translation>{0} の書き出しには PyAV パッケージが必要ですが、インストールされていません。インストールする(pip install av)か、{1} またはフォルダーに書き出してください。</translation>
    </message>
    <message>
        <source>{0} cannot be written as a video: {1}.</source>
        <translation>{0} は動画として書き出せません: {1}。</translation>
    </message>
    <message>
        <source>Frame {0} has changed since the scene was looked at; color it again.</source>
        <translation>フレーム {0} はシーンを読み込んだ後に変わりました。もう一度着色してください。</translation>
    </message>
    <message>
        <source>The training setting &apos;{0}&apos; must be {1}.</source>
        <translation>学習の設定「{0}」は {1} でなければなりません。</translation>
    </message>
    <message>
        <source>{0} of {1} drawings</source>
        <translation>{1} 枚中 {0} 枚</translation>
    </message>
    <message>
        <source>{0}: {1} of {2} pictures</source>
        <translation>{0}: {1} / {2} 枚</translation>
    </message>
    <message>
        <source>The network has no part &apos;{0}&apos; for a stage to teach; it has {1}.</source>
        <translation>ネットワークに、段階で学習する部分「{0}」がありません。あるのは {1} です。</translation>
    </message>
    <message>
        <source>The size {0} in [[stages]] does not suit the network: choose a multiple of {1}.</source>
        <translation>[[stages]] のサイズ {0} はネットワークに合いません。{1} の倍数にしてください。</translation>
    </message>
    <message>
        <source>The settings in [network] build no network: {0}.</source>
        <translation>[network] の設定からネットワークを作れません：{0}。</translation>
    </message>
    <message>
        <source>The model {0} is not installed, and what is adapted from it needs it: install it first, with nurie models --install.</source>
        <translation>モデル {0} がインストールされていませんが、これをもとに追加学習したモデルに必要です。先に nurie models --install でインストールしてください。</translation>
    </message>
    <message>
        <source>{0} is not a model that can be adapted: choose another one.</source>
        <translation>{0} は追加学習できるモデルではありません。別のモデルを選んでください。</translation>
    </message>
    <message>
        <source>Nothing of {0} is left to learn: take a part out of &apos;frozen&apos;.</source>
        <translation>{0} には学習する部分が残っていません。「frozen」から部分を外してください。</translation>
    </message>
    <message>
        <source>The run&apos;s folder cannot be used: {0}</source>
        <translation>学習用のフォルダーを使えません：{0}</translation>
    </message>
    <message>
        <source>The model {0} is of another network than this run: choose another start.</source>
        <translation>モデル {0} はこの学習とは別のネットワークのものです。別の開始モデルを選んでください。</translation>
    </message>
    <message>
        <source>{0} has {1} tensors that do not belong there ({2}); choose another file.</source>
        <translation>{0} には余計なテンソルが {1} 個あります ({2})。別のファイルを選んでください。</translation>
    </message>
    <message>
        <source>{0} has {1} tensors of another shape than it should ({2}: {3} in the place of {4}); choose another file.</source>
        <translation>{0} には形の違うテンソルが {1} 個あります ({2}: {4} であるべきところが {3})。別のファイルを選んでください。</translation>
    </message>
    <message>
        <source>{0} holds weights as {1} ({2}); choose a file with weights in fp16, bf16 or fp32.</source>
        <translation>{0} の重みは {1} です ({2})。fp16、bf16、fp32 のいずれかのファイルを選んでください。</translation>
    </message>
    <message>
        <source>{0} does not hold the network that it was taken for ({1}); assemble the model anew.</source>
        <translation>{0} の中身は想定したネットワークではありません ({1})。モデルを組み立て直してください。</translation>
    </message>
    <message>
        <source>There is no adapted or assembled model named &apos;{0}&apos;; there are: {1}.</source>
        <translation>「{0}」という名前の適応または組み立てたモデルはありません。あるもの: {1}。</translation>
    </message>
    <message>
        <source>&apos;{0}&apos; is no adapted or assembled model, and only those can be deleted here.</source>
        <translation>「{0}」は適応または組み立てたモデルではありません。ここで削除できるのはそれらだけです。</translation>
    </message>
    <message>
        <source>There is no adapted or assembled model named &apos;{0}&apos;; there is none.</source>
        <translation>「{0}」という名前の適応または組み立てたモデルはありません。ひとつもありません。</translation>
    </message>
    <message>
        <source>This model paints with the file {0}, which is another one than when the model was assembled: put the old one back, or assemble the model anew.</source>
        <translation>このモデルはファイル {0} を使いますが、組み立てた時とは別のものになっています。元のファイルに戻すか、モデルを組み立て直してください。</translation>
    </message>
    <message>
        <source>This model paints with the file {0}, which is not there any more: put it back, or assemble the model anew.</source>
        <translation>このモデルが使うファイル {0} が見つかりません。元に戻すか、モデルを組み立て直してください。</translation>
    </message>
    <message>
        <source>{0} does not lie on a disk of this computer; copy it to one.</source>
        <translation>{0} はこのコンピューターのディスク上にありません。ディスクにコピーしてください。</translation>
    </message>
    <message>
        <source>The contact sheet cannot be written as {0}: {1}</source>
        <translation>一覧シートを {0} として書き出せません: {1}</translation>
    </message>
    <message>
        <source>The run&apos;s file {0} is damaged: remove its folder, and begin anew.</source>
        <translation>実行のファイル {0} が壊れています。フォルダーを削除して、最初からやり直してください。</translation>
    </message>
    <message>
        <source>{0} is not a model whose matching can be adapted: choose another one.</source>
        <translation>{0} は色の対応付けを適応できるモデルではありません。別のモデルを選んでください。</translation>
    </message>
    <message>
        <source>With one picture nothing can be known of other drawings: it is judged by a strong warp of that picture. Add a second and a third one.</source>
        <translation>画像が 1 枚では、ほかの絵でどうなるかは分かりません。その画像を強く変形したもので判定します。2 枚目、3 枚目を加えてください。</translation>
    </message>
    <message>
        <source>With two pictures each is judged after learning from the other one alone, which proves less: add a third one.</source>
        <translation>画像が 2 枚の場合、それぞれもう 1 枚だけから学んで判定するため、確かさが下がります。3 枚目を加えてください。</translation>
    </message>
    <message>
        <source>None of the pictures can be read any more: see that their folder is still there.</source>
        <translation>どの画像ももう読み込めません。フォルダーがまだあるか確かめてください。</translation>
    </message>
    <message>
        <source>None of the pictures can be read: {0}.</source>
        <translation>どの画像も読み込めません：{0}。</translation>
    </message>
    <message>
        <source>There is no recipe to train &apos;{0}&apos;: choose {1}.</source>
        <translation>「{0}」を学習する方法がありません。{1} を選んでください。</translation>
    </message>
    <message>
        <source>&apos;{0}&apos; looks at references with no network of others: leave it out.</source>
        <translation>&apos;{0}&apos; は参照画像を見るのにほかのネットワークを使いません。指定しないでください。</translation>
    </message>
    <message>
        <source>The model {0} is no first look for this network: set first_look as it is.</source>
        <translation>モデル {0} はこのネットワークの下見には使えません。first_look を元の値にしてください。</translation>
    </message>
    <message>
        <source>A stage teaches &apos;{0}&apos; or &apos;{1}&apos;, not both: name one of them.</source>
        <translation>1 つのステージで学習できるのは &apos;{0}&apos; か &apos;{1}&apos; の一方だけです。どちらかを指定してください。</translation>
    </message>
    <message>
        <source>There is no file of {0} to take the backbone from.</source>
        <translation>バックボーンを取り出す {0} のファイルがありません。</translation>
    </message>
    <message>
        <source>The sheet {0} cannot be written: {1}</source>
        <translation>一覧画像 {0} に書き込めません: {1}</translation>
    </message>
    <message>
        <source>This network looks at references with its own encoder: leave out --style-network.</source>
        <translation>このネットワークは独自のエンコーダーで参照画像を見ます。--style-network は指定しないでください。</translation>
    </message>
    <message>
        <source>{0} does not hold the published {1} weights: get {2}, or choose &apos;own&apos;.</source>
        <translation>{0} には公開された {1} の重みがありません。{2} を用意するか、&apos;own&apos; を選んでください。</translation>
    </message>
    <message>
        <source>32 classes of palettes need 32 pictures at least, and there are {0}: set auxiliary to &apos;style&apos;.</source>
        <translation>32 種類のパレットには少なくとも 32 枚の画像が必要ですが、{0} 枚しかありません。auxiliary を &apos;style&apos; にしてください。</translation>
    </message>
    <message>
        <source>The style network knows no perceptual and no style loss: set both to 0 in [losses].</source>
        <translation>スタイルのネットワークには知覚損失もスタイル損失もありません。[losses] で両方を 0 にしてください。</translation>
    </message>
    <message>
        <source>With batch normalization a batch of 1 teaches nothing: choose a batch of 2 or more.</source>
        <translation>バッチ正規化ではバッチ 1 では何も学べません。2 以上を選んでください。</translation>
    </message>
    <message>
        <source>The run in {0} was begun with the perceptual network &apos;{1}&apos;, and now it would be &apos;{2}&apos;: set losses.perceptual_network, or choose another output folder.</source>
        <translation>{0} の学習は知覚ネットワーク「{1}」で始まりましたが、今は「{2}」になっています。losses.perceptual_network を設定するか、別の出力フォルダーを選んでください。</translation>
    </message>
    <message>
        <source>The folder {0} cannot be made ({1}): choose another one.</source>
        <translation>フォルダー {0} を作れません ({1})。別のフォルダーを選んでください。</translation>
    </message>
    <message>
        <source>{0} cannot be read: remove it, or choose another output folder.</source>
        <translation>{0} を読み込めません。削除するか、別の出力フォルダーを選んでください。</translation>
    </message>
    <message>
        <source>Another training works in {0}: wait for it, stop it, or choose another folder.</source>
        <translation>別の学習が {0} で動いています。終わるのを待つか、止めるか、別のフォルダーを選んでください。</translation>
    </message>
    <message>
        <source>The folder {0} cannot be used ({1}): choose another one.</source>
        <translation>フォルダー {0} を使えません ({1})。別のフォルダーを選んでください。</translation>
    </message>
    <message>
        <source>The checkpoint {0} is of another network: its &apos;{1}&apos; is {2}, not {3}. Choose another output folder, or the settings it was made with.</source>
        <translation>チェックポイント {0} は別のネットワークのものです。「{1}」が {3} ではなく {2} です。別の出力フォルダーを選ぶか、作られたときの設定を使ってください。</translation>
    </message>
    <message>
        <source>The checkpoint cannot be saved in {0} ({1}); earlier ones are kept. Free some space there, or copy the folder to another disk, and run the same command again.</source>
        <translation>チェックポイントを {0} に保存できません ({1})。以前のものは残っています。空き容量を作るか、フォルダーを別のディスクにコピーして、同じコマンドをもう一度実行してください。</translation>
    </message>
    <message>
        <source>The checkpoint {0} is damaged or of another network ({1}): remove it to go on from an older one, or choose another output folder.</source>
        <translation>チェックポイント {0} は壊れているか、別のネットワークのものです ({1})。削除して古いものから続けるか、別の出力フォルダーを選んでください。</translation>
    </message>
    <message>
        <source>The samples of the run cannot be saved: {0}</source>
        <translation>学習のサンプルを保存できません：{0}</translation>
    </message>
    <message>
        <source>There is no scene to learn from: name a folder (--data) with a folder of colored frames for each scene.</source>
        <translation>学習に使うシーンがありません。シーンごとに着色済みフレームのフォルダーを入れたフォルダーを指定してください(--data)。</translation>
    </message>
    <message>
        <source>There is no folder {0} to learn from.</source>
        <translation>学習に使うフォルダー {0} がありません。</translation>
    </message>
    <message>
        <source>There are no clips in {0}: a clip is a folder with 000.webp and line_000.png.</source>
        <translation>{0} にクリップがありません。クリップは 000.webp と line_000.png が入ったフォルダーです。</translation>
    </message>
    <message>
        <source>{0} cannot be judged by: {1}</source>
        <translation>{0} では判定できません：{1}</translation>
    </message>
    <message>
        <source>The run&apos;s folder cannot be written to: {0}</source>
        <translation>学習用のフォルダーに書き込めません：{0}</translation>
    </message>
    <message>
        <source>No picture has few enough closed regions to learn from: adapt with simpler or cleaner drawings.</source>
        <translation>閉じた領域が多すぎて、学習できる画像がありません。もっと単純できれいな絵を使ってください。</translation>
    </message>
    <message>
        <source>The pictures that are left show too little to learn from: add further ones.</source>
        <translation>残った画像だけでは学習するものが足りません。画像を追加してください。</translation>
    </message>
    <message>
        <source>The loss &apos;{0}&apos; is not a number at step {1}, and nothing of that step is kept: choose a lower learning rate or a gradient_clip; the last good checkpoint, if there was one, is in {2}.</source>
        <translation>ステップ {1} で損失「{0}」が数値ではなくなり、そのステップの結果は残しませんでした。学習率を下げるか gradient_clip を設定してください。最後の正常なチェックポイントがあれば、{2} にあります。</translation>
    </message>
    <message>
        <source>The connection to {0} needs certificates: name them with --cluster-ca, --cluster-cert and --cluster-key, or in the settings of Dask.</source>
        <translation>{0} への接続には証明書が必要です。--cluster-ca、--cluster-cert、--cluster-key、または Dask の設定で指定してください。</translation>
    </message>
    <message>
        <source>A worker is left out: {0}</source>
        <translation>ワーカーを 1 つ除外しました: {0}</translation>
    </message>
    <message>
        <source>The scheduler at {0} went away.</source>
        <translation>{0} のスケジューラーとの接続が切れました。</translation>
    </message>
    <message>
        <source>A cluster needs distributed, which Nurie itself does without: install it with &apos;uv sync --extra cluster&apos; or &apos;pip install distributed&apos;.</source>
        <translation>クラスターには distributed が必要です。&apos;uv sync --extra cluster&apos; か &apos;pip install distributed&apos; でインストールしてください。</translation>
    </message>
    <message>
        <source>There is no file {0} for the connection to the cluster; check its name.</source>
        <translation>クラスターへの接続に使うファイル {0} がありません。名前を確認してください。</translation>
    </message>
    <message>
        <source>No scheduler answers at {0} ({1}); start one with &apos;dask scheduler&apos;, and check the address.</source>
        <translation>{0} のスケジューラーが応答しません({1})。&apos;dask scheduler&apos; で起動し、アドレスを確認してください。</translation>
    </message>
    <message>
        <source>The scheduler at {0} has no workers; start some with &apos;dask worker {0}&apos; in Nurie&apos;s folder.</source>
        <translation>{0} のスケジューラーにワーカーがありません。Nurie のフォルダーで &apos;dask worker {0}&apos; を起動してください。</translation>
    </message>
    <message>
        <source>The certificate or key for the connection to {0} cannot be used ({1}); check the files.</source>
        <translation>{0} への接続の証明書または鍵が使えません ({1})。ファイルを確認してください。</translation>
    </message>
    <message>
        <source>The worker at {0} has no Nurie; start it in Nurie&apos;s folder.</source>
        <translation>{0} のワーカーに Nurie がありません。Nurie のフォルダーで起動してください。</translation>
    </message>
    <message>
        <source>The scheduler has lost what it was to do; give the same command again.</source>
        <translation>スケジューラーが作業内容を失いました。同じコマンドをもう一度実行してください。</translation>
    </message>
    <message>
        <source>The worker at {0} has Nurie {1}, this is {2}.</source>
        <translation>{0} のワーカーの Nurie は {1} ですが、こちらは {2} です。</translation>
    </message>
    <message>
        <source>Many workers ended while they colored it; perhaps they have too little memory for it.</source>
        <translation>着色中に多くのワーカーが終了しました。メモリが足りない可能性があります。</translation>
    </message>
    <message>
        <source>Coloring the shots</source>
        <translation>ショットを着色しています</translation>
    </message>
    <message>
        <source>The worker on {0} does not have the model &apos;{1}&apos; as it is here; install the same file there.</source>
        <translation>{0} のワーカーのモデル &apos;{1}&apos; はこちらと異なります。同じファイルをインストールしてください。</translation>
    </message>
    <message>
        <source>The worker on {0} has another file that matches parts; give it the same Nurie.</source>
        <translation>{0} のワーカーでは部位を対応づけるファイルが異なります。同じ Nurie を使ってください。</translation>
    </message>
    <message>
        <source>Asking the workers</source>
        <translation>ワーカーに問い合わせています</translation>
    </message>
    <message>
        <source>{0} Nothing more was tried.</source>
        <translation>{0} それ以上は試していません。</translation>
    </message>
    <message>
        <source>references has an empty name</source>
        <translation>references に空の名前があります</translation>
    </message>
    <message>
        <source>{0} has the unknown key {1}; {2}</source>
        <translation>{0} に不明なキー {1} があります。{2}</translation>
    </message>
    <message>
        <source>{0} cannot be used: {1}{2}.</source>
        <translation>{0} は使えません：{1}{2}。</translation>
    </message>
    <message>
        <source>{0} cannot be used: {1}.</source>
        <translation>{0} は使えません：{1}。</translation>
    </message>
    <message>
        <source>{0} cannot be read: {1}.</source>
        <translation>{0} を読み込めません：{1}。</translation>
    </message>
    <message>
        <source>{0} is no name of a file</source>
        <translation>{0} はファイル名ではありません</translation>
    </message>
    <message>
        <source>The folder {0} has no drawing in it (folders in it are looked into with --recursive); put picture files there.</source>
        <translation>フォルダー {0} に絵がありません (中のフォルダーは --recursive で探せます)。画像ファイルを入れてください。</translation>
    </message>
    <message>
        <source>Nothing is recolored in {0}: its nurie.toml wants no palette.</source>
        <translation>{0} では色を塗り替えません。その nurie.toml がパレットを使わない設定だからです。</translation>
    </message>
    <message>
        <source>choose a panel by its number and a picture, as in 2=coat.png, not &apos;{0}&apos;</source>
        <translation>&apos;{0}&apos; ではなく、2=coat.png のようにコマの番号と画像を指定してください</translation>
    </message>
    <message>
        <source>The report {0} must end in {1} or {2}.</source>
        <translation>レポート {0} の末尾は {1} か {2} でなければなりません。</translation>
    </message>
    <message>
        <source>The report {0} is a folder; name a file in it.</source>
        <translation>レポート {0} はフォルダーです。その中のファイル名を指定してください。</translation>
    </message>
    <message>
        <source>There is no folder {0} for the report; create it first.</source>
        <translation>レポート用のフォルダー {0} がありません。先に作ってください。</translation>
    </message>
    <message>
        <source>To swap them: {0}</source>
        <translation>入れ替えるには: {0}</translation>
    </message>
    <message>
        <source>There is no home folder for your settings and models; name one in the environment as HOME.</source>
        <translation>設定とモデルを置くホームフォルダーがありません。環境変数 HOME で指定してください。</translation>
    </message>
    <message>
        <source>The pictures of a drawing in the project are too large to be true; open an older copy.</source>
        <translation>プロジェクトの絵の画像が、ありえないほど大きくなっています。古いコピーを開いてください。</translation>
    </message>
    <message>
        <source>{0} is no ordinary file; choose a project.</source>
        <translation>{0} は通常のファイルではありません。プロジェクトを選んでください。</translation>
    </message>
    <message>
        <source>A part of the project cannot be read: {0}.</source>
        <translation>プロジェクトの一部を読み込めません：{0}。</translation>
    </message>
    <message>
        <source>{0} is no Nurie project; choose a file that Nurie saved.</source>
        <translation>{0} は Nurie のプロジェクトではありません。Nurie で保存したファイルを選んでください。</translation>
    </message>
    <message>
        <source>{0} is no Nurie project, or it is damaged; open a copy of it.</source>
        <translation>{0} は Nurie のプロジェクトではないか、破損しています。コピーがあればそちらを開いてください。</translation>
    </message>
    <message>
        <source>{0} is a folder, not a project; choose a file in it.</source>
        <translation>{0} はプロジェクトではなくフォルダーです。中のファイルを選んでください。</translation>
    </message>
    <message>
        <source>{0} was saved by a newer Nurie; update Nurie to open it.</source>
        <translation>{0} は新しい Nurie で保存されています。Nurie を更新してから開いてください。</translation>
    </message>
    <message>
        <source>{0} holds something this Nurie does not know ({1}); update Nurie to open it.</source>
        <translation>{0} には、この Nurie が対応していない内容 ({1}) が含まれています。Nurie を更新してから開いてください。</translation>
    </message>
    <message>
        <source>{0} is damaged: what it says of its drawings cannot be read; open a copy of it.</source>
        <translation>{0} は破損しており、線画の情報を読み取れません。コピーがあればそちらを開いてください。</translation>
    </message>
    <message>
        <source>{0} is damaged or was changed by another program; open a copy of it.</source>
        <translation>{0} は破損しているか、他のソフトで変更されています。コピーがあればそちらを開いてください。</translation>
    </message>
    <message>
        <source>{0} is damaged in the project; open an older copy of it if there is one.</source>
        <translation>プロジェクト内の {0} が破損しています。以前のコピーがあればそちらを開いてください。</translation>
    </message>
    <message>
        <source>{0} holds {1} parts, more than a project has; it is not opened.</source>
        <translation>{0} には {1} 個の部品があり、プロジェクトとしては多すぎるため開けません。</translation>
    </message>
    <message>
        <source>{0} holds a part of {1} bytes, too large to be true.</source>
        <translation>{0} に {1} バイトの異常に大きな部品が含まれています。</translation>
    </message>
    <message>
        <source>A part of {0} is damaged; open an older copy of it if there is one.</source>
        <translation>{0} の一部が破損しています。以前のコピーがあればそちらを開いてください。</translation>
    </message>
    <message>
        <source>A part of the project is missing; open an older copy of it if there is one.</source>
        <translation>プロジェクトの一部がありません。以前のコピーがあればそちらを開いてください。</translation>
    </message>
    <message>
        <source>A picture in the project is damaged; open an older copy of it if there is one.</source>
        <translation>プロジェクト内の画像が破損しています。以前のコピーがあればそちらを開いてください。</translation>
    </message>
    <message>
        <source>A picture in the project is too large to be true; open an older copy of it.</source>
        <translation>プロジェクト内の画像が異常に大きくなっています。以前のコピーを開いてください。</translation>
    </message>
    <message>
        <source>A coloring in the project is damaged; open an older copy of it if there is one.</source>
        <translation>プロジェクト内の着色結果が破損しています。以前のコピーがあればそちらを開いてください。</translation>
    </message>
    <message>
        <source>The project&apos;s model {0} cannot be read: {1}.</source>
        <translation>プロジェクトのモデル {0} を読み取れません：{1}。</translation>
    </message>
    <message>
        <source>The lines of a drawing in the project are damaged; open an older copy of it.</source>
        <translation>プロジェクトの絵の線が壊れています。古いコピーを開いてください。</translation>
    </message>
    <message>
        <source>A drawing</source>
        <translation>絵</translation>
    </message>
    <message>
        <source>The copy for a crash cannot be written to {0}: {1}; save the project.</source>
        <translation>復元用のコピーを {0} に書き込めません：{1}。プロジェクトを保存してください。</translation>
    </message>
    <message>
        <source>The copy in {0} cannot be read: {1}.</source>
        <translation>{0} のコピーを読み取れません：{1}。</translation>
    </message>
    <message>
        <source>Colors characters, emoji-like drawings and figures from references of the same character, also in another pose. A first model: its guess is soft, with some haze; flats take it away.</source>
        <translation>キャラクターや絵文字風の絵、人物を、同じキャラクターの参照画像(別のポーズでも可)から着色します。最初のモデルなので推定は少しぼやけますが、下塗りで取り除けます。</translation>
    </message>
    <message>
        <source>An experiment: paints figure and background in steps over the guess of Nurie compact, soft as a wash, each from its own part of the reference. It learned for some 40 minutes of one core; Nurie compact with flats is nearer to the reference.</source>
        <translation>実験的なモデルです。Nurie compact の推定の上に、人物と背景をそれぞれ参照画像の対応する部分から、水彩のように柔らかく段階的に描きます。1 コアで 40 分ほど学習しただけなので、参照画像に近いのは下塗りを使った Nurie compact のほうです。</translation>
    </message>
    <message>
        <source>An experiment: gives a drawing the colors and the mood of any picture, a sunset, a photograph, another artist&apos;s page. It does not know which part is which and mostly paints in one or two hues; Nurie compact colors figures better, even from another character.</source>
        <translation>実験的なモデルです。夕焼け、写真、ほかの作家のページなど、どんな絵の色や雰囲気も線画に移します。どこがどの部分かは分からず、たいてい 1、2 色で塗ります。人物なら、別のキャラクターを参照する場合でも Nurie compact のほうが上手に塗れます。</translation>
    </message>
    <message>
        <source>An experiment: colors a frame of a scene from colored key frames, small and blurred. Scenes that hear it beside Nurie compact come out no better.</source>
        <translation>実験的なモデルです。色の付いたキーフレームからシーンのフレームを小さくぼんやりと着色します。Nurie compact と併用しても、シーンの仕上がりは良くなりません。</translation>
    </message>
</context>
<context>
    <name>ErrorDialog</name>
    <message>
        <source>Details</source>
        <translation>詳細</translation>
    </message>
    <message>
        <source>&amp;Copy details</source>
        <translation>詳細をコピー(&amp;C)</translation>
    </message>
</context>
<context>
    <name>ExportDialog</name>
    <message>
        <source>Export Picture</source>
        <translation>画像を書き出す</translation>
    </message>
    <message>
        <source>C&amp;hoose…</source>
        <translation>選択(&amp;H)…</translation>
    </message>
    <message>
        <source>With&amp;out loss</source>
        <translation>可逆圧縮(&amp;O)</translation>
    </message>
    <message>
        <source>Everything</source>
        <translation>すべて</translation>
    </message>
    <message>
        <source>Flat colors only</source>
        <translation>下塗りのみ</translation>
    </message>
    <message>
        <source>Lines only</source>
        <translation>線のみ</translation>
    </message>
    <message>
        <source>White &amp;paper</source>
        <translation>白い用紙(&amp;P)</translation>
    </message>
    <message>
        <source>One &amp;layer for each color</source>
        <translation>色ごとに 1 レイヤー(&amp;L)</translation>
    </message>
    <message>
        <source>Longer s&amp;ide</source>
        <translation>長辺(&amp;I)</translation>
    </message>
    <message>
        <source> px</source>
        <translation> px</translation>
    </message>
    <message>
        <source>{0} keeps every pixel.</source>
        <translation>{0} はすべてのピクセルを保ちます。</translation>
    </message>
    <message>
        <source>Off: transparent where there is no color</source>
        <translation>オフにすると、色のない部分が透明になります</translation>
    </message>
    <message>
        <source>{0} cannot be transparent.</source>
        <translation>{0} は透明にできません。</translation>
    </message>
    <message>
        <source>A group “Flats” with a layer for each color, called as the color is</source>
        <translation>「Flats」グループの中に、色の名前のレイヤーを 1 色ずつ作ります</translation>
    </message>
    <message>
        <source>Choose Photoshop or OpenRaster to have layers.</source>
        <translation>レイヤーを残すには Photoshop か OpenRaster を選んでください。</translation>
    </message>
    <message>
        <source>Lines only have no colors.</source>
        <translation>線のみには色がありません。</translation>
    </message>
    <message>
        <source>Give the file a name.</source>
        <translation>ファイル名を入力してください。</translation>
    </message>
    <message>
        <source>There is no folder {0}; choose one.</source>
        <translation>フォルダー {0} がありません。選んでください。</translation>
    </message>
    <message>
        <source>&amp;Replace</source>
        <translation>置き換え(&amp;R)</translation>
    </message>
    <message>
        <source>&amp;Export</source>
        <translation>書き出す(&amp;E)</translation>
    </message>
    <message>
        <source>{0} is there and will be replaced.</source>
        <translation>{0} はすでにあり、置き換えられます。</translation>
    </message>
    <message>
        <source>Export to</source>
        <translation>書き出し先</translation>
    </message>
    <message>
        <source>the drawing has {0} × {1}</source>
        <translation>線画は {0} × {1}</translation>
    </message>
    <message>
        <source>&amp;Name</source>
        <translation>名前(&amp;N)</translation>
    </message>
    <message>
        <source>&amp;Folder</source>
        <translation>フォルダー(&amp;F)</translation>
    </message>
    <message>
        <source>&amp;Quality</source>
        <translation>品質(&amp;Q)</translation>
    </message>
    <message>
        <source>File &amp;type</source>
        <translation>ファイルの種類(&amp;T)</translation>
    </message>
    <message>
        <source>&amp;What</source>
        <translation>内容(&amp;W)</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>サイズ</translation>
    </message>
</context>
<context>
    <name>FigurePresenter</name>
    <message>
        <source>No figure was found: paint one with the mask tool (K).</source>
        <translation>人物が見つかりませんでした。マスクツール(K)で塗ってください。</translation>
    </message>
</context>
<context>
    <name>FilmStrip</name>
    <message>
        <source>Frames of the scene</source>
        <translation>シーンのフレーム</translation>
    </message>
    <message>
        <source>Key frame {0}</source>
        <translation>キーフレーム {0}</translation>
    </message>
</context>
<context>
    <name>Finetune</name>
    <message>
        <source>Reading…</source>
        <translation>読み込んでいます…</translation>
    </message>
    <message>
        <source>Of this folder&apos;s pictures only the first {0} are looked at.</source>
        <translation>このフォルダーの画像は最初の {0} 枚だけを使います。</translation>
    </message>
    <message>
        <source>Preparing…</source>
        <translation>準備しています…</translation>
    </message>
    <message>
        <source>It is line art: there are no colors to learn.</source>
        <translation>線画なので、学習できる色がありません。</translation>
    </message>
</context>
<context>
    <name>FinetuneController</name>
    <message>
        <source>Another fine-tuning is going on; wait for it, or cancel it in the jobs panel.</source>
        <translation>別の追加学習が実行中です。終わるのを待つか、「処理状況」パネルでキャンセルしてください。</translation>
    </message>
    <message>
        <source>character</source>
        <translation>キャラクター</translation>
    </message>
    <message>
        <source>Use Model</source>
        <translation>モデルを変更</translation>
    </message>
    <message>
        <source>These references show nothing to learn from; add a colored picture.</source>
        <translation>これらの参照画像には学習できるものがありません。カラー画像を追加してください。</translation>
    </message>
    <message>
        <source>Adapting to these references; the jobs panel shows how far it is.</source>
        <translation>これらの参照画像で追加学習しています。進み具合は「処理状況」パネルに表示されます。</translation>
    </message>
    <message>
        <source>Installed {0}.</source>
        <translation>{0} をインストールしました。</translation>
    </message>
    <message>
        <source>Deleted {0}.</source>
        <translation>{0} を削除しました。</translation>
    </message>
</context>
<context>
    <name>FinetuneRun</name>
    <message>
        <source>Adapting to {0}</source>
        <translation>追加学習：{0}</translation>
    </message>
    <message>
        <source>Another window of Nurie works on this; close that first.</source>
        <translation>Nurie の別のウィンドウが処理中です。先にそちらを閉じてください。</translation>
    </message>
    <message>
        <source>Preparing the pictures…</source>
        <translation>画像を準備しています…</translation>
    </message>
    <message>
        <source>Ending, then judging what there is…</source>
        <translation>終了して、ここまでの結果を判定しています…</translation>
    </message>
    <message>
        <source>Cancelling…</source>
        <translation>キャンセルしています…</translation>
    </message>
    <message>
        <source>Trying a few steps…</source>
        <translation>試しに数ステップ実行しています…</translation>
    </message>
    <message>
        <source>Judging by the pictures held out…</source>
        <translation>検証用の画像で判定しています…</translation>
    </message>
    <message>
        <source>Step {0} of {1}</source>
        <translation>ステップ {0} / {1}</translation>
    </message>
    <message>
        <source>Cancelled</source>
        <translation>キャンセルしました</translation>
    </message>
    <message>
        <source>Stopped; it can go on.</source>
        <translation>停止しました。再開できます。</translation>
    </message>
    <message>
        <source>The fine-tuning ended without a verdict; let it go on.</source>
        <translation>追加学習が判定の前に終わりました。再開してください。</translation>
    </message>
    <message>
        <source>Installed as {0}; regions colored right: {1} before, {2} now.</source>
        <translation>{0} としてインストールしました。正しく着色された領域：追加学習前 {1}、追加学習後 {2}。</translation>
    </message>
    <message>
        <source>Not installed; regions colored right: {0} before, {1} now.</source>
        <translation>インストールしませんでした。正しく着色された領域：追加学習前 {0}、追加学習後 {1}。</translation>
    </message>
    <message>
        <source>More references, a hint where a color is wrong, and pairs of a color and its shade may help more.</source>
        <translation>参照画像を増やす、色の違う所にヒントを置く、色とその影の組を作る、のほうが効果があるかもしれません。</translation>
    </message>
</context>
<context>
    <name>FinetuneWizard</name>
    <message>
        <source>Adapt to a character</source>
        <translation>キャラクターの追加学習</translation>
    </message>
</context>
<context>
    <name>FinishController</name>
    <message>
        <source>Flats</source>
        <translation>下塗り</translation>
    </message>
    <message>
        <source>Lock to Palette</source>
        <translation>パレットに固定</translation>
    </message>
    <message>
        <source>Shading</source>
        <translation>影</translation>
    </message>
    <message>
        <source>Surface</source>
        <translation>質感</translation>
    </message>
    <message>
        <source>Base Colors</source>
        <translation>ベース色</translation>
    </message>
    <message>
        <source>Gap</source>
        <translation>隙間</translation>
    </message>
    <message>
        <source>Finish</source>
        <translation>仕上げ</translation>
    </message>
    <message>
        <source>Edit {0}</source>
        <translation>{0} を編集</translation>
    </message>
    <message>
        <source>Rename {0} to {1}</source>
        <translation>{0} の名前を {1} に変更</translation>
    </message>
    <message>
        <source>Merge Swatches</source>
        <translation>スウォッチを統合</translation>
    </message>
    <message>
        <source>Part Swatches</source>
        <translation>スウォッチを分離</translation>
    </message>
    <message>
        <source>A palette has at least one color.</source>
        <translation>パレットには少なくとも 1 色が必要です。</translation>
    </message>
    <message>
        <source>Delete Swatch</source>
        <translation>スウォッチを削除</translation>
    </message>
    <message>
        <source>Its regions took {0}, the nearest.</source>
        <translation>その領域は最も近い {0} になりました。</translation>
    </message>
    <message>
        <source>Lock Swatch</source>
        <translation>スウォッチを固定</translation>
    </message>
    <message>
        <source>Unlock Swatch</source>
        <translation>スウォッチの固定を解除</translation>
    </message>
    <message>
        <source>Pair Swatches</source>
        <translation>影とベースを組にする</translation>
    </message>
    <message>
        <source>Unpair Swatch</source>
        <translation>組を解除</translation>
    </message>
    <message>
        <source>Palette From References</source>
        <translation>参照画像のパレットに戻す</translation>
    </message>
    <message>
        <source>Reading…</source>
        <translation>読み込んでいます…</translation>
    </message>
    <message>
        <source>There is no palette to save: color a drawing with its palette locked first.</source>
        <translation>保存するパレットがありません。先に、パレットを固定した状態で線画を着色してください。</translation>
    </message>
    <message>
        <source>Saving…</source>
        <translation>保存しています…</translation>
    </message>
    <message>
        <source>{0} is locked: unlock it first.</source>
        <translation>{0} は固定されています。先に固定を解除してください。</translation>
    </message>
    <message>
        <source>Painting…</source>
        <translation>塗っています…</translation>
    </message>
    <message>
        <source>{0} regions; gaps up to {1} px are closed.</source>
        <translation>領域は {0} 個です。{1} px までの隙間を閉じています。</translation>
    </message>
    <message>
        <source>Load Palette</source>
        <translation>パレットを読み込む</translation>
    </message>
    <message>
        <source>{0}: {1} colors.</source>
        <translation>{0}：{1} 色です。</translation>
    </message>
    <message>
        <source>Saved {0}.</source>
        <translation>{0} を保存しました。</translation>
    </message>
</context>
<context>
    <name>FinishPanel</name>
    <message>
        <source>Flat&amp;s</source>
        <translation>下塗り(&amp;S)</translation>
    </message>
    <message>
        <source>Loc&amp;k to palette</source>
        <translation>パレットに固定(&amp;K)</translation>
    </message>
    <message>
        <source>Off</source>
        <translation>なし</translation>
    </message>
    <message>
        <source>Soft</source>
        <translation>ぼかし</translation>
    </message>
    <message>
        <source>Cel</source>
        <translation>アニメ塗り</translation>
    </message>
    <message>
        <source>Shading</source>
        <translation>影</translation>
    </message>
    <message>
        <source>As the references</source>
        <translation>参照画像に合わせる</translation>
    </message>
    <message>
        <source>Even</source>
        <translation>均一</translation>
    </message>
    <message>
        <source>Surface</source>
        <translation>質感</translation>
    </message>
    <message>
        <source>&amp;Bases</source>
        <translation>ベース色(&amp;B)</translation>
    </message>
    <message>
        <source> px</source>
        <translation> px</translation>
    </message>
    <message>
        <source>Gap to close, in pixels</source>
        <translation>閉じる隙間の幅（ピクセル）</translation>
    </message>
    <message>
        <source>Auto&amp;matic</source>
        <translation>自動(&amp;M)</translation>
    </message>
    <message>
        <source>Needs flats: switch them on first.</source>
        <translation>下塗りが必要です。先にオンにしてください。</translation>
    </message>
    <message>
        <source>One color for each region between the lines, else the network&apos;s guess as it is</source>
        <translation>線で区切られた領域を 1 色ずつで塗ります。オフにすると AI の推定結果をそのまま使います</translation>
    </message>
    <message>
        <source>Every region takes a swatch of the palette</source>
        <translation>すべての領域をパレットの色で塗ります</translation>
    </message>
    <message>
        <source>Lay the light and shade of the guess over the flats: in soft tones, or in one</source>
        <translation>推定結果の光と影を下塗りに重ねます。やわらかい階調、または 1 段の影で表現します</translation>
    </message>
    <message>
        <source>A material has one color: its shadows in the references become its base, and are laid over it where shading is on</source>
        <translation>1 つの素材を 1 色にします。参照画像の影の色はベース色になり、影がオンのときはその上に重ねられます</translation>
    </message>
    <message>
        <source>Choose the gap from the drawing&apos;s line width and size</source>
        <translation>線の太さと画像の大きさから隙間の幅を決めます</translation>
    </message>
    <message>
        <source>Openings in the lines narrower than this are taken as closed</source>
        <translation>これより狭い線の切れ目は閉じているものとみなします</translation>
    </message>
    <message>
        <source>One even color a region, or color that moves in it as the guess does</source>
        <translation>領域ごとに均一な 1 色にするか、推定に合わせて領域内で色を変化させます</translation>
    </message>
    <message>
        <source>Needs a locked palette: switch that on first.</source>
        <translation>先に、パレットの固定をオンにしてください。</translation>
    </message>
    <message>
        <source>Chosen automatically: switch that off to set it.</source>
        <translation>自動で決まります。変更するには「自動」をオフにしてください。</translation>
    </message>
    <message>
        <source>Sha&amp;ding</source>
        <translation>影(&amp;D)</translation>
    </message>
    <message>
        <source>&amp;Gap</source>
        <translation>隙間(&amp;G)</translation>
    </message>
    <message>
        <source>S&amp;urface</source>
        <translation>質感(&amp;U)</translation>
    </message>
</context>
<context>
    <name>FinishPresenter</name>
    <message>
        <source>The swatches of a coloring are listed here.</source>
        <translation>着色に使ったスウォッチがここに並びます。</translation>
    </message>
    <message>
        <source>The colors are free: lock them to a palette to edit its swatches.</source>
        <translation>色は固定されていません。スウォッチを編集するにはパレットに固定してください。</translation>
    </message>
    <message>
        <source>Palettes</source>
        <translation>パレット</translation>
    </message>
    <message>
        <source>All files</source>
        <translation>すべてのファイル</translation>
    </message>
    <message>
        <source>Load a palette</source>
        <translation>パレットを読み込む</translation>
    </message>
    <message>
        <source>palette</source>
        <translation>パレット</translation>
    </message>
    <message>
        <source>GIMP palette</source>
        <translation>GIMP パレット</translation>
    </message>
    <message>
        <source>Adobe Swatch Exchange</source>
        <translation>Adobe Swatch Exchange</translation>
    </message>
    <message>
        <source>Adobe Color</source>
        <translation>Adobe Color</translation>
    </message>
    <message>
        <source>Save the palette</source>
        <translation>パレットを保存</translation>
    </message>
</context>
<context>
    <name>Formats</name>
    <message>
        <source>{0}, in layers</source>
        <translation>{0}（レイヤー付き）</translation>
    </message>
    <message>
        <source>{0}, flattened</source>
        <translation>{0}（統合）</translation>
    </message>
    <message>
        <source>{0}, quality {1}</source>
        <translation>{0}（品質{1}）</translation>
    </message>
    <message>
        <source>{0}, without loss</source>
        <translation>{0}（可逆圧縮）</translation>
    </message>
</context>
<context>
    <name>FrameView</name>
    <message>
        <source>Frame</source>
        <translation>フレーム</translation>
    </message>
</context>
<context>
    <name>GuideWindow</name>
    <message>
        <source>Guide</source>
        <translation>ガイド</translation>
    </message>
    <message>
        <source>Contents</source>
        <translation>目次</translation>
    </message>
    <message>
        <source>Page</source>
        <translation>ページ</translation>
    </message>
    <message>
        <source>Search all pages</source>
        <translation>全ページを検索</translation>
    </message>
    <message>
        <source>Back</source>
        <translation>戻る</translation>
    </message>
    <message>
        <source>Forward</source>
        <translation>進む</translation>
    </message>
    <message>
        <source>Previous hit</source>
        <translation>前の検索結果</translation>
    </message>
    <message>
        <source>Next hit</source>
        <translation>次の検索結果</translation>
    </message>
    <message>
        <source>{number} of {count}</source>
        <translation>{count} 件中 {number} 件目</translation>
    </message>
    <message>
        <source>{count} on other pages</source>
        <translation>他のページに {count} 件</translation>
    </message>
    <message>
        <source>Nothing found</source>
        <translation>見つかりません</translation>
    </message>
    <message>
        <source>The file {name} does not come with the program.</source>
        <translation>ファイル {name} はこのプログラムに含まれていません。</translation>
    </message>
    <message>
        <source>There are no pages of the guide in {folder}: install Nurie anew.</source>
        <translation>ガイドのページが {folder} にありません。Nurie をインストールし直してください。</translation>
    </message>
</context>
<context>
    <name>HeatLegend</name>
    <message>
        <source>sure</source>
        <translation>確か</translation>
    </message>
    <message>
        <source>doubtful</source>
        <translation>不確か</translation>
    </message>
    <message>
        <source>Confidence, from pale (sure) to dark (doubtful)</source>
        <translation>確信度：淡いほど確か、濃いほど不確か</translation>
    </message>
</context>
<context>
    <name>HistoryPanel</name>
    <message>
        <source>History</source>
        <translation>履歴</translation>
    </message>
    <message>
        <source>The steps that were taken, the last at the end. Choosing one goes there.</source>
        <translation>これまでの操作です。最後の操作が一番下です。選ぶとその時点に移動します。</translation>
    </message>
    <message>
        <source>Start</source>
        <translation>開始時点</translation>
    </message>
    <message>
        <source>{0} (taken back)</source>
        <translation>{0}（取り消し済み）</translation>
    </message>
</context>
<context>
    <name>Incoming</name>
    <message>
        <source>Pasted picture</source>
        <translation>貼り付けた画像</translation>
    </message>
    <message>
        <source>Nurie downloads nothing; save the picture to a file first, then open that.</source>
        <translation>Nurie はダウンロードを行いません。画像をファイルに保存してから開いてください。</translation>
    </message>
    <message>
        <source>There is no picture on the clipboard; copy one first.</source>
        <translation>クリップボードに画像がありません。先に画像をコピーしてください。</translation>
    </message>
</context>
<context>
    <name>Jobs</name>
    <message>
        <source>Painting…</source>
        <translation>塗っています…</translation>
    </message>
    <message>
        <source>Reading…</source>
        <translation>読み込んでいます…</translation>
    </message>
    <message>
        <source>Saving…</source>
        <translation>保存しています…</translation>
    </message>
    <message>
        <source>Preparing the lines…</source>
        <translation>線を準備しています…</translation>
    </message>
    <message>
        <source>Copying…</source>
        <translation>コピーしています…</translation>
    </message>
    <message>
        <source>Looking at {0}…</source>
        <translation>{0} を調べています…</translation>
    </message>
    <message>
        <source>Writing {0}…</source>
        <translation>{0} を書き出しています…</translation>
    </message>
    <message>
        <source>drawing</source>
        <translation>線画</translation>
    </message>
    <message>
        <source>Looking at the layers…</source>
        <translation>レイヤーを調べています…</translation>
    </message>
    <message>
        <source>Looking for the figure…</source>
        <translation>人物を探しています…</translation>
    </message>
    <message>
        <source>Looking for panels…</source>
        <translation>コマを探しています…</translation>
    </message>
</context>
<context>
    <name>JobsPanel</name>
    <message>
        <source>Jobs</source>
        <translation>処理状況</translation>
    </message>
    <message>
        <source>Nothing long is going on. Fine-tunings and batches show here how far they are.</source>
        <translation>時間のかかる処理は実行されていません。追加学習や一括処理の進み具合がここに表示されます。</translation>
    </message>
</context>
<context>
    <name>LayerChoiceDialog</name>
    <message>
        <source>Choose Layers</source>
        <translation>レイヤーの選択</translation>
    </message>
    <message>
        <source>&amp;Use These Layers</source>
        <translation>これらのレイヤーを使う(&amp;U)</translation>
    </message>
    <message>
        <source>&amp;As It Is Shown</source>
        <translation>表示どおり(&amp;A)</translation>
    </message>
    <message>
        <source>The picture with all visible layers, as the other program shows it</source>
        <translation>表示中のすべてのレイヤーを合わせた、元のソフトでの見たままの画像</translation>
    </message>
    <message>
        <source>{0} has layers of another program. Which of them are the colors?</source>
        <translation>{0}には他のソフトのレイヤーがあります。どれが色ですか？</translation>
    </message>
    <message>
        <source>{0} has layers of another program. Which of them are the line art, and which are colors?</source>
        <translation>{0}には他のソフトのレイヤーがあります。どれが線画で、どれが色ですか？</translation>
    </message>
    <message>
        <source>Layer</source>
        <translation>レイヤー</translation>
    </message>
    <message>
        <source>Line art</source>
        <translation>線画</translation>
    </message>
    <message>
        <source>Colors</source>
        <translation>色</translation>
    </message>
    <message>
        <source>Layers</source>
        <translation>レイヤー</translation>
    </message>
    <message>
        <source>Hidden in its program</source>
        <translation>元のソフトでは非表示</translation>
    </message>
</context>
<context>
    <name>LayersPanel</name>
    <message>
        <source>Line art</source>
        <translation>線画</translation>
    </message>
    <message>
        <source>Shading</source>
        <translation>影</translation>
    </message>
    <message>
        <source>Colors</source>
        <translation>色</translation>
    </message>
    <message>
        <source>Paper</source>
        <translation>用紙</translation>
    </message>
    <message>
        <source>Show the lines over the colors</source>
        <translation>色の上に線を表示します</translation>
    </message>
    <message>
        <source>Show light and shade over the colors</source>
        <translation>色の上に光と影を表示します</translation>
    </message>
    <message>
        <source>Show the flat colors, or the guess where there are none</source>
        <translation>下塗りの色を表示します。下塗りがないところは推定結果を表示します</translation>
    </message>
    <message>
        <source>Show white paper under the colors; a checkerboard stands for nothing</source>
        <translation>色の下に白い用紙を表示します。市松模様は透明な部分です</translation>
    </message>
    <message>
        <source>Layers hidden here are hidden in layered files too; flat pictures have all of them.</source>
        <translation>ここで隠したレイヤーは、レイヤー付きファイルでも非表示になります。統合した画像にはすべて含まれます。</translation>
    </message>
</context>
<context>
    <name>LearningPage</name>
    <message>
        <source>What it will learn from</source>
        <translation>学習に使う内容</translation>
    </message>
    <message>
        <source>Lines are extracted from each picture; from them it learns to find the colors again.</source>
        <translation>それぞれの画像から線を抽出し、その線から元の色を見つけられるように学習します。</translation>
    </message>
    <message>
        <source>&amp;Train</source>
        <translation>学習開始(&amp;T)</translation>
    </message>
    <message>
        <source>Lines</source>
        <translation>線</translation>
    </message>
    <message>
        <source>Picture</source>
        <translation>画像</translation>
    </message>
    <message>
        <source>Make the lines as thick as those of your drawings (σ); larger is thicker</source>
        <translation>ご自分の線画と同じ太さに合わせてください (σ)。大きいほど太くなります</translation>
    </message>
    <message>
        <source>Line thickness</source>
        <translation>線の太さ</translation>
    </message>
    <message>
        <source>Line thickness, number</source>
        <translation>線の太さ（数値）</translation>
    </message>
    <message>
        <source>What the adapted model is called</source>
        <translation>追加学習モデルの名前</translation>
    </message>
    <message>
        <source>&amp;Quick</source>
        <translation>クイック(&amp;Q)</translation>
    </message>
    <message>
        <source>One to three minutes on most computers</source>
        <translation>たいていのコンピューターで 1～3 分</translation>
    </message>
    <message>
        <source>T&amp;horough</source>
        <translation>じっくり(&amp;H)</translation>
    </message>
    <message>
        <source>Several times as long; for a character drawn often</source>
        <translation>数倍の時間をかけます。よく描くキャラクターに</translation>
    </message>
    <message>
        <source>&amp;Which color belongs where</source>
        <translation>どの色がどこに合うか(&amp;W)</translation>
    </message>
    <message>
        <source>Which part of the pictures a region takes its color from; this is what helps</source>
        <translation>領域の色を画像のどの部分から取るか。効果があるのはこちらです</translation>
    </message>
    <message>
        <source>&amp;Colors of the guess</source>
        <translation>推定の色(&amp;C)</translation>
    </message>
    <message>
        <source>The colors that are seen with flats off; seldom helps</source>
        <translation>下塗りを切ったときに見える色。効果はまれです</translation>
    </message>
    <message>
        <source>Preparing…</source>
        <translation>準備しています…</translation>
    </message>
    <message>
        <source>&amp;Name</source>
        <translation>名前(&amp;N)</translation>
    </message>
    <message>
        <source>Line thic&amp;kness</source>
        <translation>線の太さ(&amp;K)</translation>
    </message>
    <message>
        <source>Teach</source>
        <translation>教える内容</translation>
    </message>
    <message>
        <source>Training</source>
        <translation>学習</translation>
    </message>
    <message>
        <source>Takes</source>
        <translation>所要時間</translation>
    </message>
    <message>
        <source>Pictures</source>
        <translation>画像</translation>
    </message>
    <message>
        <source>Give it a name with letters or digits.</source>
        <translation>文字か数字を含む名前を付けてください。</translation>
    </message>
    <message>
        <source>There is a model of this name; choose another.</source>
        <translation>同じ名前のモデルがあります。別の名前を選んでください。</translation>
    </message>
    <message>
        <source>Where it was measured, this gained less than three points on average.</source>
        <translation>測定した範囲では、平均の向上は 3 ポイント未満でした。</translation>
    </message>
    <message>
        <source>With so few pictures it can learn little, and little is known of how it will do: three to eight in different poses are best.</source>
        <translation>画像がこれほど少ないと、学べることも、結果の見通しもわずかです。ポーズの異なる 3～8 枚が最適です。</translation>
    </message>
    <message>
        <source>Measured on characters that Nurie did badly: one to two points more of the regions right on average, the most in watercolors. Where it is no better, it is not kept.</source>
        <translation>Nurie の苦手なキャラクターで測った結果、正しい領域は平均で 1～2 ポイント増え、水彩で最も効果がありました。良くならない場合は採用しません。</translation>
    </message>
    <message>
        <source>Measuring with a few real steps…</source>
        <translation>実際に数ステップ実行して計測しています…</translation>
    </message>
    <message>
        <source>{0} MB on disk</source>
        <translation>ディスク {0} MB</translation>
    </message>
    <message>
        <source>About {0} on this machine</source>
        <translation>このコンピューターで約 {0}</translation>
    </message>
    <message>
        <source>Not known</source>
        <translation>不明</translation>
    </message>
    <message>
        <source>{0} to learn from</source>
        <translation>学習用 {0} 組</translation>
    </message>
    <message>
        <source>, {0} held out to judge the result by</source>
        <translation>、検証用 {0} 枚</translation>
    </message>
    <message>
        <source>, {0} of them judged by what has learned from others only</source>
        <translation>、うち {0} 枚はほかの画像だけから学んだ結果で判定</translation>
    </message>
    <message>
        <source>, {0} left out</source>
        <translation>、除外 {0} 枚</translation>
    </message>
</context>
<context>
    <name>LineArtPanel</name>
    <message>
        <source>Where the lines come from</source>
        <translation>線の取り出し方</translation>
    </message>
    <message>
        <source>Automatic</source>
        <translation>自動</translation>
    </message>
    <message>
        <source>The drawing&apos;s own ink</source>
        <translation>元の線を使う</translation>
    </message>
    <message>
        <source>Extract from colors</source>
        <translation>色から線を抽出</translation>
    </message>
    <message>
        <source>Thickness of extracted lines (σ); larger is thicker</source>
        <translation>抽出する線の太さ (σ)。大きいほど太くなります</translation>
    </message>
    <message>
        <source>Line thickness</source>
        <translation>線の太さ</translation>
    </message>
    <message>
        <source>Untouched, nothing cleaned</source>
        <translation>そのまま（何も補正しない）</translation>
    </message>
    <message>
        <source>Line thickness, number</source>
        <translation>線の太さ（数値）</translation>
    </message>
    <message>
        <source>Sharp</source>
        <translation>くっきり</translation>
    </message>
    <message>
        <source>Every pixel is ink or paper</source>
        <translation>すべてのピクセルを線か紙のどちらかにします</translation>
    </message>
    <message>
        <source>Soft</source>
        <translation>やわらか</translation>
    </message>
    <message>
        <source>Grey edges, as a pencil has</source>
        <translation>鉛筆のように、線の縁に濃淡を残します</translation>
    </message>
    <message>
        <source>Black level</source>
        <translation>黒レベル</translation>
    </message>
    <message>
        <source>Ink as dark as this, or darker, becomes full ink: raise it for pale scans</source>
        <translation>これより暗い線を真っ黒にします。薄いスキャンでは上げてください</translation>
    </message>
    <message>
        <source>White level</source>
        <translation>白レベル</translation>
    </message>
    <message>
        <source>Ink as pale as this, or paler, becomes paper: lower it for gray or dirty scans</source>
        <translation>これより明るい部分を紙の白にします。灰色がかったスキャンや汚れたスキャンでは下げてください</translation>
    </message>
    <message>
        <source>Remove specks up to, in pixels</source>
        <translation>この大きさまでのゴミを取り除く(ピクセル)</translation>
    </message>
    <message>
        <source>&amp;Black level</source>
        <translation>黒レベル(&amp;B)</translation>
    </message>
    <message>
        <source>&amp;White level</source>
        <translation>白レベル(&amp;W)</translation>
    </message>
    <message>
        <source>S&amp;pecks up to</source>
        <translation>ゴミ取り(&amp;P)</translation>
    </message>
    <message>
        <source>Dots no larger than so many pixels go; lines always stay whole</source>
        <translation>この大きさ以下の点を取り除きます。線は欠けません</translation>
    </message>
    <message>
        <source>Lines are extracted from the picture&apos;s colors.</source>
        <translation>画像の色から線を抽出しています。</translation>
    </message>
    <message>
        <source>Your ink is cleaned by levels and specks; thickness is for the lines of the references.</source>
        <translation>元の線はレベルとごみ取りで整えます。太さは参照画像から読み取る線に使われます。</translation>
    </message>
    <message>
        <source>Your ink stays as it is; thickness is for the lines read from the references.</source>
        <translation>元の線はそのまま使います。太さは参照画像から読み取る線に使われます。</translation>
    </message>
    <message>
        <source>&amp;Lines</source>
        <translation>線(&amp;L)</translation>
    </message>
    <message>
        <source>&amp;Thickness</source>
        <translation>太さ(&amp;T)</translation>
    </message>
    <message>
        <source>Edges</source>
        <translation>線の縁</translation>
    </message>
</context>
<context>
    <name>LossCurve</name>
    <message>
        <source>Loss</source>
        <translation>損失</translation>
    </message>
    <message>
        <source>How far the colors are off in training; it should fall</source>
        <translation>学習中の色のずれです。下がっていけば順調です</translation>
    </message>
    <message>
        <source>{0} at step {1}</source>
        <translation>ステップ {1} で {0}</translation>
    </message>
    <message>
        <source>How much is left to learn is drawn here.</source>
        <translation>あとどれだけ学習の余地があるかを示します。</translation>
    </message>
</context>
<context>
    <name>MainWindow</name>
    <message>
        <source>To check</source>
        <translation>要確認</translation>
    </message>
    <message>
        <source>Palette</source>
        <translation>パレット</translation>
    </message>
    <message>
        <source>Line art</source>
        <translation>線画</translation>
    </message>
    <message>
        <source>Finish</source>
        <translation>仕上げ</translation>
    </message>
    <message>
        <source>Color</source>
        <translation>着色</translation>
    </message>
    <message>
        <source>References</source>
        <translation>参照画像</translation>
    </message>
    <message>
        <source>Drawings</source>
        <translation>線画一覧</translation>
    </message>
    <message>
        <source>History</source>
        <translation>履歴</translation>
    </message>
    <message>
        <source>Layers</source>
        <translation>レイヤー</translation>
    </message>
    <message>
        <source>Jobs</source>
        <translation>処理状況</translation>
    </message>
    <message>
        <source>Reference view</source>
        <translation>参照画像ビュー</translation>
    </message>
    <message>
        <source>&amp;File</source>
        <translation>ファイル(&amp;F)</translation>
    </message>
    <message>
        <source>&amp;Edit</source>
        <translation>編集(&amp;E)</translation>
    </message>
    <message>
        <source>&amp;Color</source>
        <translation>着色(&amp;C)</translation>
    </message>
    <message>
        <source>&amp;View</source>
        <translation>表示(&amp;V)</translation>
    </message>
    <message>
        <source>&amp;Tools</source>
        <translation>ツール(&amp;T)</translation>
    </message>
    <message>
        <source>&amp;Help</source>
        <translation>ヘルプ(&amp;H)</translation>
    </message>
    <message>
        <source>T&amp;heme</source>
        <translation>テーマ(&amp;H)</translation>
    </message>
    <message>
        <source>Languag&amp;e</source>
        <translation>言語 (Language)(&amp;E)</translation>
    </message>
    <message>
        <source>&amp;Panels</source>
        <translation>パネル(&amp;P)</translation>
    </message>
    <message>
        <source>Tools</source>
        <translation>ツール</translation>
    </message>
    <message>
        <source>Open</source>
        <translation>開く</translation>
    </message>
    <message>
        <source>Export</source>
        <translation>書き出し</translation>
    </message>
    <message>
        <source>Painting tools</source>
        <translation>描画ツール</translation>
    </message>
</context>
<context>
    <name>Measuring</name>
    <message>
        <source>How long it takes could not be measured.</source>
        <translation>所要時間を計測できませんでした。</translation>
    </message>
</context>
<context>
    <name>MenusPresenter</name>
    <message>
        <source>&amp;Pick This Color</source>
        <translation>この色を拾う(&amp;P)</translation>
    </message>
    <message>
        <source>&amp;Fill With the Current Color</source>
        <translation>描画色で塗りつぶす(&amp;F)</translation>
    </message>
    <message>
        <source>&amp;Hint With the Current Color</source>
        <translation>描画色でヒントを置く(&amp;H)</translation>
    </message>
    <message>
        <source>&amp;Remove the Correction Here</source>
        <translation>ここの修正を取り除く(&amp;R)</translation>
    </message>
    <message>
        <source>&amp;Rename</source>
        <translation>名前を変更(&amp;R)</translation>
    </message>
    <message>
        <source>&amp;Look at It Large</source>
        <translation>大きく見る(&amp;L)</translation>
    </message>
    <message>
        <source>&amp;Show It</source>
        <translation>表示する(&amp;S)</translation>
    </message>
</context>
<context>
    <name>ModelCard</name>
    <message>
        <source>file</source>
        <translation>ファイル</translation>
    </message>
    <message>
        <source>size</source>
        <translation>サイズ</translation>
    </message>
    <message>
        <source>license</source>
        <translation>ライセンス</translation>
    </message>
    <message>
        <source>unknown</source>
        <translation>不明</translation>
    </message>
    <message>
        <source>adapted from</source>
        <translation>追加学習の元</translation>
    </message>
    <message>
        <source>changes the matching of</source>
        <translation>対応付けの変更元</translation>
    </message>
    <message>
        <source>network</source>
        <translation>ネットワーク</translation>
    </message>
    <message>
        <source>Attributions</source>
        <translation>クレジット</translation>
    </message>
    <message>
        <source>{0} MB</source>
        <translation>{0} MB</translation>
    </message>
</context>
<context>
    <name>ModelPanel</name>
    <message>
        <source>Model</source>
        <translation>モデル</translation>
    </message>
    <message>
        <source>The model that colors</source>
        <translation>着色に使うモデル</translation>
    </message>
    <message>
        <source>Color</source>
        <translation>着色</translation>
    </message>
    <message>
        <source>Adapt to references</source>
        <translation>参照画像で追加学習</translation>
    </message>
    <message>
        <source>Models…</source>
        <translation>モデル…</translation>
    </message>
    <message>
        <source>{0} (cannot be used)</source>
        <translation>{0} (使用できません)</translation>
    </message>
    <message>
        <source>No model is installed.</source>
        <translation>モデルがインストールされていません。</translation>
    </message>
    <message>
        <source>License: {0}</source>
        <translation>ライセンス：{0}</translation>
    </message>
</context>
<context>
    <name>ModelsDialog</name>
    <message>
        <source>Models</source>
        <translation>モデル</translation>
    </message>
    <message>
        <source>Looking for models…</source>
        <translation>モデルを探しています…</translation>
    </message>
    <message>
        <source>Card of the model</source>
        <translation>モデルカード</translation>
    </message>
    <message>
        <source>&amp;Use for this project</source>
        <translation>このプロジェクトで使う(&amp;U)</translation>
    </message>
    <message>
        <source>Color the drawings of this project with this model</source>
        <translation>このプロジェクトの線画をこのモデルで着色します</translation>
    </message>
    <message>
        <source>&amp;Install a file…</source>
        <translation>ファイルからインストール(&amp;I)…</translation>
    </message>
    <message>
        <source>Install a model or an adapted model that somebody gave you (.safetensors)</source>
        <translation>受け取ったモデルや追加学習モデル (.safetensors) をインストールします</translation>
    </message>
    <message>
        <source>&amp;Delete…</source>
        <translation>削除(&amp;D)…</translation>
    </message>
    <message>
        <source>No model is installed.</source>
        <translation>モデルがインストールされていません。</translation>
    </message>
    <message>
        <source>{0} (cannot be used)</source>
        <translation>{0} (使用できません)</translation>
    </message>
    <message>
        <source>{0} (assembled)</source>
        <translation>{0} (組み立て)</translation>
    </message>
    <message>
        <source>Only models that were adapted or assembled here can be deleted here.</source>
        <translation>ここで削除できるのは、ここで適応または組み立てたモデルだけです。</translation>
    </message>
    <message>
        <source>Take this model off the disk; the files it points to stay</source>
        <translation>このモデルをディスクから削除します。参照先のファイルは残ります</translation>
    </message>
    <message>
        <source>{0} (adapted)</source>
        <translation>{0}（追加学習）</translation>
    </message>
    <message>
        <source>Take this adapted model off the disk</source>
        <translation>この追加学習モデルをディスクから削除します</translation>
    </message>
    <message>
        <source>Install a model</source>
        <translation>モデルをインストール</translation>
    </message>
    <message>
        <source>Delete a model</source>
        <translation>モデルを削除</translation>
    </message>
    <message>
        <source>Delete {0} from this computer? It cannot be brought back.</source>
        <translation>{0} をこのコンピューターから削除しますか？元に戻すことはできません。</translation>
    </message>
    <message>
        <source>&amp;Delete</source>
        <translation>削除(&amp;D)</translation>
    </message>
</context>
<context>
    <name>Numbers</name>
    <message>
        <source>{0} %</source>
        <translation>{0}%</translation>
    </message>
</context>
<context>
    <name>Nurie</name>
    <message>
        <source>Looking for models…</source>
        <translation>モデルを探しています…</translation>
    </message>
</context>
<context>
    <name>OfferBar</name>
    <message>
        <source>This looks like a color picture. Extract its lines?</source>
        <translation>カラー画像のようです。線を抽出しますか？</translation>
    </message>
    <message>
        <source>E&amp;xtract lines</source>
        <translation>線を抽出(&amp;X)</translation>
    </message>
    <message>
        <source>&amp;Swap them</source>
        <translation>入れ替える(&amp;S)</translation>
    </message>
    <message>
        <source>The reference becomes the drawing, the drawing a reference</source>
        <translation>参照画像を線画に、線画を参照画像にします</translation>
    </message>
    <message>
        <source>Draw lines where the colors meet; the thickness can be set</source>
        <translation>色の境目に線を引きます。太さは調整できます</translation>
    </message>
    <message>
        <source>Use as li&amp;ne art</source>
        <translation>線画として使う(&amp;N)</translation>
    </message>
    <message>
        <source>Take the picture&apos;s dark parts as the ink</source>
        <translation>画像の暗い部分を線として使います</translation>
    </message>
    <message>
        <source>Use as &amp;reference</source>
        <translation>参照画像にする(&amp;R)</translation>
    </message>
    <message>
        <source>Take colors from it instead</source>
        <translation>代わりに色の参照元として使います</translation>
    </message>
    <message>
        <source>&amp;Leave them</source>
        <translation>そのままにする(&amp;L)</translation>
    </message>
    <message>
        <source>They are what they are meant to be</source>
        <translation>このままで正しい</translation>
    </message>
    <message>
        <source>The drawing looks like a color picture, and {0} like line art. Are they swapped?</source>
        <translation>線画がカラー画像のように、{0} が線画のように見えます。逆になっていませんか?</translation>
    </message>
</context>
<context>
    <name>PalettePanel</name>
    <message>
        <source>Color of {0}</source>
        <translation>{0} の色</translation>
    </message>
    <message>
        <source>&amp;Change Color…</source>
        <translation>色を変更(&amp;C)…</translation>
    </message>
    <message>
        <source>&amp;Rename</source>
        <translation>名前を変更(&amp;R)</translation>
    </message>
    <message>
        <source>&amp;Merge Into</source>
        <translation>統合先(&amp;M)</translation>
    </message>
    <message>
        <source>&amp;Shadow Of</source>
        <translation>影にする相手(&amp;S)</translation>
    </message>
    <message>
        <source>&amp;No Shadow</source>
        <translation>影ではない(&amp;N)</translation>
    </message>
    <message>
        <source>&amp;Part</source>
        <translation>分離(&amp;P)</translation>
    </message>
    <message>
        <source>&amp;Lock</source>
        <translation>固定(&amp;L)</translation>
    </message>
    <message>
        <source>&amp;Delete</source>
        <translation>削除(&amp;D)</translation>
    </message>
</context>
<context>
    <name>PanelMenu</name>
    <message>
        <source>Reference for &amp;Panel {0} of {1}</source>
        <translation>コマ {0}/{1} の参照画像(&amp;P)</translation>
    </message>
    <message>
        <source>&amp;Choose Pictures…</source>
        <translation>画像を選択(&amp;C)…</translation>
    </message>
    <message>
        <source>As &amp;All Panels</source>
        <translation>すべてのコマと同じ(&amp;A)</translation>
    </message>
    <message>
        <source>Reference for panel {0}</source>
        <translation>コマ {0} の参照画像</translation>
    </message>
    <message>
        <source>Pictures</source>
        <translation>画像</translation>
    </message>
    <message>
        <source>All files</source>
        <translation>すべてのファイル</translation>
    </message>
</context>
<context>
    <name>PictureList</name>
    <message>
        <source>Drop pictures or a folder of one character here</source>
        <translation>1 人のキャラクターの画像またはフォルダーをここにドロップ</translation>
    </message>
    <message>
        <source>Pictures of the character</source>
        <translation>キャラクターの画像</translation>
    </message>
    <message>
        <source>Drop pictures here. Delete removes the selected ones.</source>
        <translation>ここに画像をドロップします。Delete で選択した画像を外します。</translation>
    </message>
    <message>
        <source>Dropped picture</source>
        <translation>ドロップした画像</translation>
    </message>
</context>
<context>
    <name>PicturesPage</name>
    <message>
        <source>Pictures of the character</source>
        <translation>キャラクターの画像</translation>
    </message>
    <message>
        <source>Choose colored pictures of one character. One is enough to start; five to fifty are better.</source>
        <translation>1 人のキャラクターのカラー画像を選んでください。1 枚から始められますが、5～50 枚あるとより良くなります。</translation>
    </message>
    <message>
        <source>Add &amp;pictures…</source>
        <translation>画像を追加(&amp;P)…</translation>
    </message>
    <message>
        <source>Choose picture files, also PSD and OpenRaster</source>
        <translation>画像ファイルを選びます。PSD と OpenRaster も使えます</translation>
    </message>
    <message>
        <source>Add a &amp;folder…</source>
        <translation>フォルダーを追加(&amp;F)…</translation>
    </message>
    <message>
        <source>Take all pictures of a folder</source>
        <translation>フォルダー内のすべての画像を追加します</translation>
    </message>
    <message>
        <source>Use the &amp;references</source>
        <translation>参照画像を使う(&amp;R)</translation>
    </message>
    <message>
        <source>Take the references of this project&apos;s drawings</source>
        <translation>このプロジェクトの参照画像を追加します</translation>
    </message>
    <message>
        <source>Re&amp;move</source>
        <translation>外す(&amp;M)</translation>
    </message>
    <message>
        <source>Do not learn from the selected pictures (Del)</source>
        <translation>選択した画像を学習に使わないようにします (Del)</translation>
    </message>
    <message>
        <source>There are no pictures in that folder; choose another.</source>
        <translation>そのフォルダーには画像がありません。別のフォルダーを選んでください。</translation>
    </message>
    <message>
        <source>Reading…</source>
        <translation>読み込んでいます…</translation>
    </message>
    <message>
        <source>Pictures to learn from: {0}; left out: {1}, each says why.</source>
        <translation>学習に使う画像：{0} 枚、除外：{1} 枚（理由は各画像に表示）。</translation>
    </message>
    <message>
        <source>Pictures to learn from: {0}.</source>
        <translation>学習に使う画像：{0} 枚。</translation>
    </message>
    <message>
        <source>Pictures</source>
        <translation>画像</translation>
    </message>
    <message>
        <source>All files</source>
        <translation>すべてのファイル</translation>
    </message>
    <message>
        <source>Folder with pictures of the character</source>
        <translation>キャラクターの画像があるフォルダー</translation>
    </message>
</context>
<context>
    <name>PreferencesDialog</name>
    <message>
        <source>Preferences</source>
        <translation>環境設定</translation>
    </message>
    <message>
        <source>As the system</source>
        <translation>システムに合わせる</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>ダーク</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>ライト</translation>
    </message>
    <message>
        <source>The fastest there is</source>
        <translation>最も速いもの</translation>
    </message>
    <message>
        <source>Processor</source>
        <translation>プロセッサー</translation>
    </message>
    <message>
        <source>NVIDIA GPU</source>
        <translation>NVIDIA GPU</translation>
    </message>
    <message>
        <source>&amp;Language</source>
        <translation>言語(&amp;L)</translation>
    </message>
    <message>
        <source>&amp;Theme</source>
        <translation>テーマ(&amp;T)</translation>
    </message>
    <message>
        <source>&amp;Compute on</source>
        <translation>計算に使う装置(&amp;C)</translation>
    </message>
    <message>
        <source>Where the network computes, from the next start on</source>
        <translation>ネットワークを計算する装置。次の起動から有効です</translation>
    </message>
    <message>
        <source>Color at every change</source>
        <translation>変更のたびに着色</translation>
    </message>
    <message>
        <source>Else a drawing is colored when you ask for it</source>
        <translation>オフのときは、指示したときだけ着色します</translation>
    </message>
    <message>
        <source>Pixel grid</source>
        <translation>ピクセルグリッド</translation>
    </message>
    <message>
        <source>A grid between pixels from 800 % on</source>
        <translation>800% 以上でピクセルの間にグリッドを表示</translation>
    </message>
    <message>
        <source> min</source>
        <translation> 分</translation>
    </message>
    <message>
        <source>Keep a copy &amp;every</source>
        <translation>控えを保存する間隔(&amp;E)</translation>
    </message>
    <message>
        <source>For a crash: it is offered then</source>
        <translation>異常終了したときに、この控えから復元できます</translation>
    </message>
    <message>
        <source>&amp;Open from</source>
        <translation>開くときのフォルダー(&amp;O)</translation>
    </message>
    <message>
        <source>Where dialogs for opening begin</source>
        <translation>「開く」の最初のフォルダー</translation>
    </message>
    <message>
        <source>&amp;Export to</source>
        <translation>書き出し先(&amp;E)</translation>
    </message>
    <message>
        <source>Empty: beside the drawing</source>
        <translation>空欄: 線画と同じ場所</translation>
    </message>
    <message>
        <source>Export &amp;as</source>
        <translation>書き出しの形式(&amp;A)</translation>
    </message>
    <message>
        <source>The kind of file that is suggested</source>
        <translation>最初に選ばれるファイルの種類</translation>
    </message>
    <message>
        <source>&amp;Drag out as</source>
        <translation>外へドラッグするときの形式(&amp;D)</translation>
    </message>
    <message>
        <source>What a drawing is when it is dragged into another program</source>
        <translation>ほかのプログラムへドラッグした線画のファイル形式</translation>
    </message>
    <message>
        <source>Choose…</source>
        <translation>選択…</translation>
    </message>
    <message>
        <source>Choose a folder</source>
        <translation>フォルダーを選択</translation>
    </message>
</context>
<context>
    <name>Project</name>
    <message>
        <source>Saving the project…</source>
        <translation>プロジェクトを保存しています…</translation>
    </message>
    <message>
        <source>Opening the project…</source>
        <translation>プロジェクトを開いています…</translation>
    </message>
    <message>
        <source>Keeping a copy…</source>
        <translation>自動保存しています…</translation>
    </message>
    <message>
        <source>The model {0} is not installed; the default one is used.</source>
        <translation>モデル {0} がインストールされていないため、既定のモデルを使います。</translation>
    </message>
    <message>
        <source>Opening the drawing…</source>
        <translation>線画を開いています…</translation>
    </message>
</context>
<context>
    <name>ProjectController</name>
    <message>
        <source>Untitled</source>
        <translation>無題</translation>
    </message>
    <message>
        <source>Opening…</source>
        <translation>開いています…</translation>
    </message>
    <message>
        <source>{0} is open in another window; save under another name.</source>
        <translation>{0}は別のウィンドウで開いています。別の名前で保存してください。</translation>
    </message>
    <message>
        <source>Saving…</source>
        <translation>保存しています…</translation>
    </message>
    <message>
        <source>Keeping a copy…</source>
        <translation>自動保存しています…</translation>
    </message>
    <message>
        <source>Looking for copies…</source>
        <translation>自動保存を探しています…</translation>
    </message>
    <message>
        <source>Installing the model…</source>
        <translation>モデルをインストールしています…</translation>
    </message>
    <message>
        <source>The model {0} was not installed; the default one is used, and the next save leaves it out.</source>
        <translation>モデル {0} はインストールされませんでした。標準のモデルを使い、次の保存でこのモデルは除かれます。</translation>
    </message>
    <message>
        <source>Opened {0}.</source>
        <translation>{0} を開きました。</translation>
    </message>
    <message>
        <source>{0} is open in another window. This is a copy of it; save it under another name.</source>
        <translation>{0}は別のウィンドウで開いています。これはその複製です。別の名前で保存してください。</translation>
    </message>
    <message>
        <source>Installed the model {0}.</source>
        <translation>モデル{0}をインストールしました。</translation>
    </message>
    <message>
        <source>Recovered {0}. Save it to keep it.</source>
        <translation>{0} を復元しました。残すには保存してください。</translation>
    </message>
    <message>
        <source>Saved {0}.</source>
        <translation>{0} を保存しました。</translation>
    </message>
    <message>
        <source>Opening the drawing…</source>
        <translation>線画を開いています…</translation>
    </message>
</context>
<context>
    <name>ProjectPresenter</name>
    <message>
        <source>A project opens alone; drop it without other files.</source>
        <translation>プロジェクトは単独で開きます。他のファイルと一緒にドロップしないでください。</translation>
    </message>
    <message>
        <source>Projects and pictures</source>
        <translation>プロジェクトと画像</translation>
    </message>
    <message>
        <source>Pictures</source>
        <translation>画像</translation>
    </message>
    <message>
        <source>All files</source>
        <translation>すべてのファイル</translation>
    </message>
    <message>
        <source>Open</source>
        <translation>開く</translation>
    </message>
    <message>
        <source>Save the changes to “{0}”?</source>
        <translation>「{0}」への変更を保存しますか？</translation>
    </message>
    <message>
        <source>What was done since it was saved last is gone otherwise.</source>
        <translation>保存しないと、最後に保存した後の変更は失われます。</translation>
    </message>
    <message>
        <source>&amp;Save</source>
        <translation>保存(&amp;S)</translation>
    </message>
    <message>
        <source>&amp;Discard</source>
        <translation>破棄(&amp;D)</translation>
    </message>
    <message>
        <source>&amp;Cancel</source>
        <translation>キャンセル(&amp;C)</translation>
    </message>
    <message>
        <source>Nurie project</source>
        <translation>Nurie プロジェクト</translation>
    </message>
    <message>
        <source>Save the project</source>
        <translation>プロジェクトを保存</translation>
    </message>
    <message>
        <source>&amp;Undo {0}</source>
        <translation>元に戻す：{0}(&amp;U)</translation>
    </message>
    <message>
        <source>&amp;Undo</source>
        <translation>元に戻す(&amp;U)</translation>
    </message>
    <message>
        <source>&amp;Redo {0}</source>
        <translation>やり直し：{0}(&amp;R)</translation>
    </message>
    <message>
        <source>&amp;Redo</source>
        <translation>やり直し(&amp;R)</translation>
    </message>
    <message>
        <source>Nurie did not end properly. Recover “{0}”?</source>
        <translation>Nurie が正常に終了しませんでした。「{0}」を復元しますか？</translation>
    </message>
    <message>
        <source>This project brings a model of its own, “{0}”. Install it?</source>
        <translation>このプロジェクトには専用のモデル「{0}」が付いています。インストールしますか？</translation>
    </message>
    <message>
        <source>It would stay among your models ({0} MB). Install it only if you trust where the project comes from. Without it the project is colored with the default model.</source>
        <translation>モデルの一覧に残ります（{0} MB）。プロジェクトの入手元を信頼できる場合だけインストールしてください。なければ標準のモデルで色を塗ります。</translation>
    </message>
    <message>
        <source>&amp;Use the Default Model</source>
        <translation>標準のモデルを使う(&amp;U)</translation>
    </message>
    <message>
        <source>&amp;Install</source>
        <translation>インストール(&amp;I)</translation>
    </message>
    <message>
        <source>There is a copy of it from {0}. Your own file is as it was saved last.</source>
        <translation>{0} のコピーがあります。元のファイルは最後に保存した状態のままです。</translation>
    </message>
    <message>
        <source>There is a copy of it from {0}. It was never saved to a file.</source>
        <translation>{0} の控えがあります。ファイルにはまだ保存されていません。</translation>
    </message>
    <message>
        <source>&amp;Recover</source>
        <translation>復元(&amp;R)</translation>
    </message>
    <message>
        <source>&amp;Later</source>
        <translation>後で(&amp;L)</translation>
    </message>
</context>
<context>
    <name>RecentMenu</name>
    <message>
        <source>Open &amp;Recent</source>
        <translation>最近使ったファイル(&amp;R)</translation>
    </message>
    <message>
        <source>{0} is not there any more</source>
        <translation>{0} は見つかりません</translation>
    </message>
</context>
<context>
    <name>ReferenceCanvas</name>
    <message>
        <source>Reference view</source>
        <translation>参照画像ビュー</translation>
    </message>
    <message>
        <source>The selected reference. The wheel zooms, space or the middle button moves, Enter uses the tool.</source>
        <translation>選択中の参照画像です。ホイールで拡大・縮小、スペースキーまたは中ボタンのドラッグで移動、Enter でツールを使います。</translation>
    </message>
</context>
<context>
    <name>ReferencePanel</name>
    <message>
        <source>Select a reference in the strip to see it here.</source>
        <translation>参照画像の欄で選んだ画像がここに表示されます。</translation>
    </message>
    <message>
        <source>Weight of this reference, in percent</source>
        <translation>この参照画像の影響度（パーセント）</translation>
    </message>
    <message>
        <source>How much this reference counts beside the others; 0 % not at all</source>
        <translation>他の参照画像と比べてどれくらい使うかを決めます。0% では使いません</translation>
    </message>
    <message>
        <source>all</source>
        <translation>すべて</translation>
    </message>
    <message>
        <source>Panel of the page that this reference is for</source>
        <translation>この参照画像を使うページのコマ</translation>
    </message>
    <message>
        <source>Keep this reference to one panel of a comic page; panels are counted row by row from the left</source>
        <translation>この参照画像を漫画ページの 1 コマだけに使います。コマは左から、上の段から順に数えます</translation>
    </message>
    <message>
        <source>Ignore Background</source>
        <translation>背景を無視</translation>
    </message>
    <message>
        <source>Let the figure stand on white paper, without what is behind it</source>
        <translation>背景を消し、人物だけを白い紙の上に置きます</translation>
    </message>
    <message>
        <source>Use All</source>
        <translation>全体を使う</translation>
    </message>
    <message>
        <source>Let every part of this reference count again</source>
        <translation>この参照画像のすべての部分を再び使います</translation>
    </message>
    <message>
        <source>&amp;Ignore</source>
        <translation>隠す(&amp;I)</translation>
    </message>
    <message>
        <source>Parts that are painted over do not count (with Alt they count again)</source>
        <translation>塗った部分を使わないようにします（Alt で元に戻します）</translation>
    </message>
    <message>
        <source>&amp;Bring back</source>
        <translation>戻す(&amp;B)</translation>
    </message>
    <message>
        <source>Parts that are painted over count again (with Alt they do not)</source>
        <translation>塗った部分を再び使います（Alt で使わないようにします）</translation>
    </message>
    <message>
        <source>Br&amp;ush</source>
        <translation>ブラシ(&amp;U)</translation>
    </message>
    <message>
        <source>Paint with a round brush</source>
        <translation>丸いブラシで塗ります</translation>
    </message>
    <message>
        <source>Rec&amp;tangle</source>
        <translation>長方形(&amp;T)</translation>
    </message>
    <message>
        <source>Drag a rectangle</source>
        <translation>ドラッグして長方形で塗ります</translation>
    </message>
    <message>
        <source>&amp;Figure</source>
        <translation>人物(&amp;F)</translation>
    </message>
    <message>
        <source>Paint where the figure is, for models that paint figure and background apart</source>
        <translation>人物と背景を分けて描くモデルのために、人物の範囲を塗ります</translation>
    </message>
    <message>
        <source> px</source>
        <translation> px</translation>
    </message>
    <message>
        <source>Size of the brush</source>
        <translation>ブラシサイズ</translation>
    </message>
    <message>
        <source>Size of the brush on the screen</source>
        <translation>画面上のブラシの大きさ</translation>
    </message>
    <message>
        <source>&amp;Weight</source>
        <translation>影響度(&amp;W)</translation>
    </message>
    <message>
        <source>&amp;Panel</source>
        <translation>コマ(&amp;P)</translation>
    </message>
</context>
<context>
    <name>ReferencePresenter</name>
    <message>
        <source>Took the color #{0:02x}{1:02x}{2:02x}.</source>
        <translation>色 #{0:02x}{1:02x}{2:02x} を拾いました。</translation>
    </message>
</context>
<context>
    <name>RunView</name>
    <message>
        <source>Progress of {0}</source>
        <translation>{0} の進み具合</translation>
    </message>
    <message>
        <source>Pause</source>
        <translation>一時停止</translation>
    </message>
    <message>
        <source>Pause (Space)</source>
        <translation>一時停止します (Space)</translation>
    </message>
    <message>
        <source>Go on</source>
        <translation>再開</translation>
    </message>
    <message>
        <source>Go on (Space)</source>
        <translation>再開します (Space)</translation>
    </message>
    <message>
        <source>Stop and keep</source>
        <translation>ここまでで終了</translation>
    </message>
    <message>
        <source>Stop now and keep what there is</source>
        <translation>ここで終了し、途中までの結果を残します</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>キャンセル</translation>
    </message>
    <message>
        <source>Cancel (Del)</source>
        <translation>キャンセルします (Del)</translation>
    </message>
    <message>
        <source>Open</source>
        <translation>開く</translation>
    </message>
    <message>
        <source>Open (Enter)</source>
        <translation>開きます (Enter)</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>一覧から外す</translation>
    </message>
    <message>
        <source>Take it off the list (Del)</source>
        <translation>一覧から外します (Del)</translation>
    </message>
    <message>
        <source>{0}: {1}</source>
        <translation>{0}：{1}</translation>
    </message>
    <message>
        <source>Give it up, with all that was done so far (Del)</source>
        <translation>ここまでの内容を破棄して中止します (Del)</translation>
    </message>
</context>
<context>
    <name>SamplingControls</name>
    <message>
        <source>Another number, another picture; the same number, the same one</source>
        <translation>数を変えると別の絵に、同じ数なら同じ絵になります</translation>
    </message>
    <message>
        <source>How many steps the picture is painted in</source>
        <translation>何ステップで描くか</translation>
    </message>
    <message>
        <source>See&amp;d</source>
        <translation>シード(&amp;D)</translation>
    </message>
    <message>
        <source>S&amp;teps</source>
        <translation>ステップ数(&amp;T)</translation>
    </message>
    <message>
        <source>Dice</source>
        <translation>サイコロ</translation>
    </message>
    <message>
        <source>A&amp;gain</source>
        <translation>もう一度(&amp;G)</translation>
    </message>
    <message>
        <source>Which parts of the references the figure and the background look at</source>
        <translation>人物と背景が参照画像のどの部分を見るか</translation>
    </message>
    <message>
        <source>Throw another seed</source>
        <translation>別のシードにする</translation>
    </message>
    <message>
        <source>Paint once more, with another seed; undo brings this picture back</source>
        <translation>別のシードでもう一度描きます。取り消すと今の絵に戻ります</translation>
    </message>
    <message>
        <source>How strictly the references are kept</source>
        <translation>参照画像にどれだけ忠実にするか</translation>
    </message>
    <message>
        <source>How strictly the lines are kept</source>
        <translation>線画にどれだけ忠実にするか</translation>
    </message>
    <message>
        <source>How far the references are heeded</source>
        <translation>参照画像をどこまで考慮するか</translation>
    </message>
    <message>
        <source>&amp;Mode</source>
        <translation>モード(&amp;M)</translation>
    </message>
    <message>
        <source>&amp;Guidance</source>
        <translation>ガイダンス(&amp;G)</translation>
    </message>
    <message>
        <source>&amp;Line guidance</source>
        <translation>線のガイダンス(&amp;L)</translation>
    </message>
    <message>
        <source>Strengt&amp;h</source>
        <translation>強さ(&amp;H)</translation>
    </message>
    <message>
        <source>as the model has it</source>
        <translation>モデルの既定値</translation>
    </message>
</context>
<context>
    <name>SceneDialog</name>
    <message>
        <source>Color a Scene</source>
        <translation>シーンを着色</translation>
    </message>
    <message>
        <source>&amp;Play</source>
        <translation>再生(&amp;P)</translation>
    </message>
    <message>
        <source>Frame</source>
        <translation>フレーム</translation>
    </message>
    <message>
        <source>To check</source>
        <translation>要確認</translation>
    </message>
    <message>
        <source>Color</source>
        <translation>色</translation>
    </message>
    <message>
        <source>&amp;Give the Track This Color</source>
        <translation>この領域を全フレームでこの色に(&amp;G)</translation>
    </message>
    <message>
        <source>In all frames of the region; nothing is colored anew for it</source>
        <translation>この領域があるすべてのフレームで。着色し直しはしません</translation>
    </message>
    <message>
        <source>It Is &amp;Right</source>
        <translation>これで正しい(&amp;R)</translation>
    </message>
    <message>
        <source>Open Fra&amp;me</source>
        <translation>フレームを開く(&amp;M)</translation>
    </message>
    <message>
        <source>As a drawing of the project with its key frames as references: to look closely, with hints</source>
        <translation>キーフレームを参照画像として、プロジェクトの線画として開きます。ヒントを使って細かく確認できます</translation>
    </message>
    <message>
        <source>Take Its &amp;Hints</source>
        <translation>ヒントを取り込む(&amp;H)</translation>
    </message>
    <message>
        <source>Colors that were given in the frame&apos;s drawing are for its tracks, in all frames</source>
        <translation>フレームの線画で指定した色を、そのトラックの全フレームに使います</translation>
    </message>
    <message>
        <source>Progress of the scene</source>
        <translation>シーンの進み具合</translation>
    </message>
    <message>
        <source>Pa&amp;use</source>
        <translation>一時停止(&amp;U)</translation>
    </message>
    <message>
        <source>&amp;Stop</source>
        <translation>停止(&amp;S)</translation>
    </message>
    <message>
        <source>&amp;Color the Scene</source>
        <translation>シーンを着色(&amp;C)</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>閉じる</translation>
    </message>
    <message>
        <source>Go &amp;On</source>
        <translation>続ける(&amp;O)</translation>
    </message>
    <message>
        <source>Frame {0}: {1}, {2} frames</source>
        <translation>フレーム {0}: {1}、{2} フレーム</translation>
    </message>
</context>
<context>
    <name>SceneForm</name>
    <message>
        <source>Scene</source>
        <translation>シーン</translation>
    </message>
    <message>
        <source>A folder of frames, or a video</source>
        <translation>フレームのフォルダー、または動画</translation>
    </message>
    <message>
        <source>Write to</source>
        <translation>書き出し先</translation>
    </message>
    <message>
        <source>A folder, or the name of a video</source>
        <translation>フォルダー、または動画の名前</translation>
    </message>
    <message>
        <source>Format</source>
        <translation>形式</translation>
    </message>
    <message>
        <source>Pictures: {0}</source>
        <translation>画像: {0}</translation>
    </message>
    <message>
        <source>Video: {0} ({1})</source>
        <translation>動画: {0} ({1})</translation>
    </message>
    <message>
        <source>One &amp;layer for each color</source>
        <translation>色ごとに 1 レイヤー(&amp;L)</translation>
    </message>
    <message>
        <source>Colors from</source>
        <translation>色の参照</translation>
    </message>
    <message>
        <source>a sheet for all</source>
        <translation>全体の設定画</translation>
    </message>
    <message>
        <source>frame </source>
        <translation>フレーム </translation>
    </message>
    <message>
        <source>Which frame it is</source>
        <translation>どのフレームか</translation>
    </message>
    <message>
        <source>Choose a folder of frames or a video, or drop one here.</source>
        <translation>フレームのフォルダーか動画を選ぶか、ここにドロップしてください。</translation>
    </message>
    <message>
        <source>Add a colored frame or a character sheet: drop it on its frame below, or here.</source>
        <translation>着色済みのフレームか設定画を加えてください。下の該当フレームか、ここにドロップします。</translation>
    </message>
    <message>
        <source>Choose where to write.</source>
        <translation>書き出し先を選んでください。</translation>
    </message>
    <message>
        <source>&amp;Folder…</source>
        <translation>フォルダー(&amp;F)…</translation>
    </message>
    <message>
        <source>&amp;Video…</source>
        <translation>動画(&amp;V)…</translation>
    </message>
    <message>
        <source>Choo&amp;se…</source>
        <translation>選択(&amp;S)…</translation>
    </message>
    <message>
        <source>R&amp;emove</source>
        <translation>取り除く(&amp;E)</translation>
    </message>
    <message>
        <source>&amp;Try the Sample</source>
        <translation>サンプルを試す(&amp;T)</translation>
    </message>
    <message>
        <source>Twelve frames that come with the program, the first one in color</source>
        <translation>付属の 12 フレーム。最初の 1 枚は着色済みです</translation>
    </message>
    <message>
        <source>&amp;Add…</source>
        <translation>追加(&amp;A)…</translation>
    </message>
    <message>
        <source>Folder of Frames</source>
        <translation>フレームのフォルダー</translation>
    </message>
    <message>
        <source>Video</source>
        <translation>動画</translation>
    </message>
    <message>
        <source>Videos ({0})</source>
        <translation>動画 ({0})</translation>
    </message>
    <message>
        <source>Pictures ({0})</source>
        <translation>画像 ({0})</translation>
    </message>
    <message>
        <source>sheet</source>
        <translation>設定画</translation>
    </message>
    <message>
        <source>frame {0}</source>
        <translation>フレーム {0}</translation>
    </message>
</context>
<context>
    <name>ScenePresenter</name>
    <message>
        <source>Open the frame and give it hints first: a color on a region.</source>
        <translation>先にフレームを開いて、領域に色のヒントを置いてください。</translation>
    </message>
</context>
<context>
    <name>SceneRun</name>
    <message>
        <source>Scene: {0}</source>
        <translation>シーン: {0}</translation>
    </message>
    <message>
        <source>Reading the frames…</source>
        <translation>フレームを読み込み中…</translation>
    </message>
    <message>
        <source>Going on…</source>
        <translation>再開しています…</translation>
    </message>
    <message>
        <source>Stopped; it can go on.</source>
        <translation>停止しました。続きから再開できます。</translation>
    </message>
    <message>
        <source>{0} frames</source>
        <translation>枠 {0} 個</translation>
    </message>
    <message>
        <source>{0} frames in {1} shots</source>
        <translation>{0} フレーム、{1} ショット</translation>
    </message>
    <message>
        <source>{0} to check</source>
        <translation>要確認 {0} 件</translation>
    </message>
</context>
<context>
    <name>SettlingController</name>
    <message>
        <source>Coloring {0} with the palette of now…</source>
        <translation>{0} を現在のパレットで着色しています…</translation>
    </message>
</context>
<context>
    <name>Shell</name>
    <message>
        <source>Something went wrong inside Nurie. Please report it with the details below; you can go on.</source>
        <translation>Nurie の内部で問題が発生しました。下の詳細を添えてご報告ください。作業はこのまま続けられます。</translation>
    </message>
    <message>
        <source>Drop a color picture onto the strip to take colors from it.</source>
        <translation>参照画像の欄にカラー画像をドロップすると、その色で着色します。</translation>
    </message>
    <message>
        <source>Ready</source>
        <translation>準備完了</translation>
    </message>
</context>
<context>
    <name>ShortcutsDialog</name>
    <message>
        <source>Keyboard Shortcuts</source>
        <translation>キーボードショートカット</translation>
    </message>
    <message>
        <source>Search</source>
        <translation>検索</translation>
    </message>
    <message>
        <source>What</source>
        <translation>操作</translation>
    </message>
    <message>
        <source>Key</source>
        <translation>キー</translation>
    </message>
    <message>
        <source>This key cannot be changed.</source>
        <translation>このキーは変更できません。</translation>
    </message>
    <message>
        <source>&amp;Default</source>
        <translation>既定に戻す(&amp;D)</translation>
    </message>
    <message>
        <source>&amp;All Defaults</source>
        <translation>すべて既定に戻す(&amp;A)</translation>
    </message>
    <message>
        <source>&amp;Guide</source>
        <translation>ガイド(&amp;G)</translation>
    </message>
    <message>
        <source>Press the new key:</source>
        <translation>新しいキーを押してください:</translation>
    </message>
    <message>
        <source>{0} is the key of “{1}” already.</source>
        <translation>{0} はすでに「{1}」のキーです。</translation>
    </message>
    <message>
        <source>&amp;Take It</source>
        <translation>このキーにする(&amp;T)</translation>
    </message>
</context>
<context>
    <name>StatusBar</name>
    <message>
        <source>Status</source>
        <translation>状態</translation>
    </message>
    <message>
        <source>Progress</source>
        <translation>進み具合</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>中止</translation>
    </message>
    <message>
        <source>{0} × {1}</source>
        <translation>{0} × {1}</translation>
    </message>
</context>
<context>
    <name>SwatchList</name>
    <message>
        <source>Palette</source>
        <translation>パレット</translation>
    </message>
    <message>
        <source>The colors of the picture. Enter changes a color, F2 its name, Delete takes it out.</source>
        <translation>画像の色です。Enter で色、F2 で名前を変更、Delete で取り除きます。</translation>
    </message>
    <message>
        <source>{0}, {1}, {2} of the picture
Enter or a double click changes the color, F2 the name
Dropped on another swatch it becomes one with that, with Shift its shadow; a right click has more</source>
        <translation>{0}、{1}、画像の {2}
Enter またはダブルクリックで色、F2 で名前を変更します
別のスウォッチにドロップすると統合、Shift を押しながらなら影になります。右クリックでほかの操作</translation>
    </message>
    <message>
        <source>shadow of {0}</source>
        <translation>{0} の影</translation>
    </message>
    <message>
        <source>locked</source>
        <translation>固定</translation>
    </message>
</context>
<context>
    <name>ThumbnailList</name>
    <message>
        <source>Dropped picture</source>
        <translation>ドロップされた画像</translation>
    </message>
</context>
<context>
    <name>Time</name>
    <message>
        <source>{0} left</source>
        <translation>残り {0}</translation>
    </message>
    <message>
        <source>{0} s</source>
        <translation>{0} 秒</translation>
    </message>
    <message>
        <source>{0} min</source>
        <translation>{0} 分</translation>
    </message>
    <message>
        <source>{0} h {1} min</source>
        <translation>{0} 時間 {1} 分</translation>
    </message>
</context>
<context>
    <name>ToolContext</name>
    <message>
        <source>The brush is {0} px wide.</source>
        <translation>ブラシの幅は {0} px です。</translation>
    </message>
    <message>
        <source>Took the color #{0:02x}{1:02x}{2:02x}.</source>
        <translation>色 #{0:02x}{1:02x}{2:02x} を拾いました。</translation>
    </message>
</context>
<context>
    <name>Tools</name>
    <message>
        <source>Click a place in the reference view first.</source>
        <translation>先に参照画像ビューで場所をクリックしてください。</translation>
    </message>
    <message>
        <source>Now click the regions of the drawing that are this color.</source>
        <translation>次に、その色にする線画の領域をクリックしてください。</translation>
    </message>
    <message>
        <source>Color a drawing with flats on first.</source>
        <translation>先に、下塗りをオンにして線画を着色してください。</translation>
    </message>
    <message>
        <source>No region lies inside with more than half of it.</source>
        <translation>半分以上が内側にある領域がありません。</translation>
    </message>
    <message>
        <source>Something of a reference must count: leave a part of it.</source>
        <translation>参照画像は一部でも使う必要があります。隠さない部分を残してください。</translation>
    </message>
    <message>
        <source>There must be a figure: leave a part of it.</source>
        <translation>人物が必要です。一部を残してください。</translation>
    </message>
</context>
<context>
    <name>ToolsPresenter</name>
    <message>
        <source>Select regions first.</source>
        <translation>先に領域を選択してください。</translation>
    </message>
    <message>
        <source>{0} regions are selected.</source>
        <translation>{0} 領域を選択しています。</translation>
    </message>
    <message>
        <source>Current color</source>
        <translation>描画色</translation>
    </message>
</context>
<context>
    <name>TrainingPage</name>
    <message>
        <source>Training</source>
        <translation>学習</translation>
    </message>
    <message>
        <source>You can close this and work on: it goes on in the background, see the jobs panel.</source>
        <translation>この画面を閉じても学習は続きます。進み具合は「処理状況」パネルで確認できます。</translation>
    </message>
    <message>
        <source>&amp;Close</source>
        <translation>閉じる(&amp;C)</translation>
    </message>
    <message>
        <source>&amp;Verdict</source>
        <translation>結果を見る(&amp;V)</translation>
    </message>
    <message>
        <source>Progress</source>
        <translation>進み具合</translation>
    </message>
    <message>
        <source>Before</source>
        <translation>追加学習前</translation>
    </message>
    <message>
        <source>Now</source>
        <translation>現在</translation>
    </message>
    <message>
        <source>As it should be</source>
        <translation>正解</translation>
    </message>
    <message>
        <source>&amp;Pause</source>
        <translation>一時停止(&amp;P)</translation>
    </message>
    <message>
        <source>Let the computer do other things for a while</source>
        <translation>しばらく他の作業に使えるよう、学習を一時停止します</translation>
    </message>
    <message>
        <source>&amp;Go on</source>
        <translation>再開(&amp;G)</translation>
    </message>
    <message>
        <source>Go on where it stopped</source>
        <translation>停止したところから再開します</translation>
    </message>
    <message>
        <source>&amp;Stop and keep</source>
        <translation>ここまでで終了(&amp;S)</translation>
    </message>
    <message>
        <source>Stop now and judge what was learned so far</source>
        <translation>ここで終了し、ここまでの学習結果を判定します</translation>
    </message>
    <message>
        <source>C&amp;ancel training</source>
        <translation>学習をキャンセル(&amp;A)</translation>
    </message>
    <message>
        <source>Stop without a verdict; it can go on later</source>
        <translation>判定せずに停止します。後で再開できます</translation>
    </message>
    <message>
        <source>Now, step {0}</source>
        <translation>現在（ステップ {0}）</translation>
    </message>
</context>
<context>
    <name>VerdictBar</name>
    <message>
        <source>&amp;Go back</source>
        <translation>元に戻す(&amp;G)</translation>
    </message>
    <message>
        <source>Color this project with the model of before</source>
        <translation>このプロジェクトを元のモデルで着色します</translation>
    </message>
    <message>
        <source>&amp;Use it</source>
        <translation>使う(&amp;U)</translation>
    </message>
    <message>
        <source>Color this project with the adapted model</source>
        <translation>このプロジェクトを追加学習モデルで着色します</translation>
    </message>
    <message>
        <source>&amp;Install anyway</source>
        <translation>それでもインストール(&amp;I)</translation>
    </message>
    <message>
        <source>Use the adapted model although it is no better</source>
        <translation>改善していませんが、追加学習モデルを使います</translation>
    </message>
    <message>
        <source>&amp;Details…</source>
        <translation>詳細(&amp;D)…</translation>
    </message>
    <message>
        <source>Scores and pictures side by side</source>
        <translation>評価と画像を並べて表示します</translation>
    </message>
    <message>
        <source>&amp;OK</source>
        <translation>OK(&amp;O)</translation>
    </message>
    <message>
        <source>Close this bar</source>
        <translation>このバーを閉じます</translation>
    </message>
</context>
<context>
    <name>VerdictPage</name>
    <message>
        <source>Verdict</source>
        <translation>結果</translation>
    </message>
    <message>
        <source>&amp;Done</source>
        <translation>完了(&amp;D)</translation>
    </message>
    <message>
        <source>&amp;Install anyway</source>
        <translation>それでもインストール(&amp;I)</translation>
    </message>
    <message>
        <source>Use the adapted model although it is no better</source>
        <translation>改善していませんが、追加学習モデルを使います</translation>
    </message>
    <message>
        <source>&amp;Go back to the model of before</source>
        <translation>元のモデルに戻す(&amp;G)</translation>
    </message>
    <message>
        <source>Color this project as before; the adapted model stays in the list of models</source>
        <translation>このプロジェクトを元のモデルで着色します。追加学習モデルはモデル一覧に残ります</translation>
    </message>
    <message>
        <source>&amp;Use for this project</source>
        <translation>このプロジェクトで使う(&amp;U)</translation>
    </message>
    <message>
        <source>Color the drawings of this project with the adapted model</source>
        <translation>このプロジェクトの線画を追加学習モデルで着色します</translation>
    </message>
    <message>
        <source>Judged by pictures that it did not learn from: how many regions get the right color.</source>
        <translation>学習に使っていない画像で、正しい色になった領域の割合を比べました。</translation>
    </message>
    <message>
        <source>Pictures held out</source>
        <translation>検証用の画像</translation>
    </message>
    <message>
        <source>before</source>
        <translation>追加学習前</translation>
    </message>
    <message>
        <source>now</source>
        <translation>追加学習後</translation>
    </message>
    <message>
        <source>points</source>
        <translation>ポイント</translation>
    </message>
    <message>
        <source>regions colored right</source>
        <translation>正しく着色された領域</translation>
    </message>
    <message>
        <source>color difference (ΔE)</source>
        <translation>色差 (ΔE)</translation>
    </message>
    <message>
        <source>as it should be</source>
        <translation>正解</translation>
    </message>
    <message>
        <source>It helped.</source>
        <translation>改善しました。</translation>
    </message>
    <message>
        <source>It did not help.</source>
        <translation>改善しませんでした。</translation>
    </message>
    <message>
        <source>The adapted model is not installed; the project is colored as before.</source>
        <translation>追加学習モデルはインストールされていません。プロジェクトはこれまでどおり着色されます。</translation>
    </message>
    <message>
        <source>{0} is installed, and this project is colored with it.</source>
        <translation>{0} をインストールし、このプロジェクトの着色に使っています。</translation>
    </message>
    <message>
        <source>{0} is installed; this project is colored with the model of before.</source>
        <translation>{0} をインストールしました。このプロジェクトの着色には元のモデルを使っています。</translation>
    </message>
</context>
<context>
    <name>_CheckList</name>
    <message>
        <source>To check</source>
        <translation>要確認</translation>
    </message>
    <message>
        <source>What is in doubt, the worst first. Choosing one shows it on the canvas, Enter says that it is right.</source>
        <translation>不確かなものを、問題の大きい順に並べています。選ぶとキャンバスに表示し、Enter で正しいものとします。</translation>
    </message>
</context>
<context>
    <name>_DrawingList</name>
    <message>
        <source>The drawings of the project are listed here.</source>
        <translation>プロジェクトの線画がここに並びます。</translation>
    </message>
    <message>
        <source>Drawings</source>
        <translation>線画一覧</translation>
    </message>
    <message>
        <source>The drawings of the project. F2 renames, Delete removes, Ctrl+Left and Ctrl+Right move one.</source>
        <translation>プロジェクトの線画です。F2 で名前を変更、Delete で削除、Ctrl+← と Ctrl+→ で並べ替えます。</translation>
    </message>
    <message>
        <source>{0}
{1}
F2 renames it, Delete removes it, dragging or Ctrl+Left/Right moves it; dragged into another program it is a file</source>
        <translation>{0}
{1}
F2 で名前を変更、Delete で除外、ドラッグまたは Ctrl+←/→ で並べ替え。ほかのプログラムへドラッグするとファイルになります</translation>
    </message>
</context>
<context>
    <name>_ReferenceList</name>
    <message>
        <source>References</source>
        <translation>参照画像</translation>
    </message>
    <message>
        <source>Pictures the colors are taken from. Delete removes, Ctrl+Left and Ctrl+Right move one.</source>
        <translation>色を取り出す画像です。Delete で外し、Ctrl+← と Ctrl+→ で並べ替えます。</translation>
    </message>
    <message>
        <source>{0}
{1} × {2} pixels
Delete removes it, dragging or Ctrl+Left/Right moves it; dragged into another program it is a file</source>
        <translation>{0}
{1} × {2} ピクセル
Delete で除外、ドラッグまたは Ctrl+←/→ で並べ替え。ほかのプログラムへドラッグするとファイルになります</translation>
    </message>
    <message>
        <source>A sheet, used as one picture</source>
        <translation>設定画、1 枚の画像として使用</translation>
    </message>
    <message>
        <source>A sheet: bands, color chips and lettering give no colors</source>
        <translation>設定画: 帯・色見本・文字からは色を取り出しません</translation>
    </message>
    <message>
        <source>A sheet: cut into its {0} figures</source>
        <translation>設定画: {0} 体の人物に切り分け</translation>
    </message>
    <message>
        <source>only here</source>
        <translation>ここだけ</translation>
    </message>
    <message>
        <source>Drop color pictures here: a character sheet, a finished page, a photo</source>
        <translation>ここにカラー画像をドロップ：キャラクター設定、完成したページ、写真など</translation>
    </message>
</context>
</TS>
